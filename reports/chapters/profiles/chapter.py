"""The chapter Profiles: how many instances solvers answer within a gap, and how fast."""

from __future__ import annotations

from reports.chapters.chapter import Chapter, Section
from reports.chapters.profiles import figure as profile_curves
from reports.chapters.profiles.measure import Profile, profiles_of
from reports.chapters.profiles.plot import plot
from reports.chapters.profiles.table import METHOD, profiles_table
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "performance-profiles"
TABLES = ("profiles",)


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where no two solvers were tried on enough instances."""
    profiles = profiles_of(study)
    return Chapter(
        "profiles",
        _section(study, profiles) if profiles else None,
        [plot(study)],
    )


def _section(study: Study, profiles: list[Profile]) -> Section:
    left_out = len(profiles[0].labels) - profile_curves.SHOWN
    caption = profile_curves.CAPTION + f" {counted(left_out, 'solver')} left out." * (left_out > 0)
    caption += f" {counted(profiles[0].instances, 'instance')}. {measured(study)}"
    return Section(
        "Profiles",
        METHOD,
        [],
        Figure(
            FIGURE,
            profile_curves.TITLE,
            caption,
            lambda: profile_curves.draw(profiles, marks(study.cells["label"])),
        ),
        [profiles_table(profile) for profile in profiles],
    )
