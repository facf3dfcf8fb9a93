"""The chapter Profiles: how many instances are answered well enough, and how fast."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.profiles import figure as profile_curves
from reports.chapters.profiles.measure import profiles_of
from reports.chapters.profiles.table import METHOD, profiles_table
from reports.drawing.figure import finished
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "performance-profiles"
"""The stem of the figure's files."""
TABLES = ("profiles",)
"""The stems of the tables' files."""


def chapter(study: Study) -> Chapter | None:
    """The chapter; None where no two solvers were tried on enough instances."""
    profiles = profiles_of(study)
    if not profiles:
        return None
    left_out = len(profiles[0].labels) - profile_curves.SHOWN
    caption = profile_curves.CAPTION + f" {counted(left_out, 'solver')} left out." * (left_out > 0)
    caption += f" {counted(profiles[0].instances, 'instance')}. {measured(study)}"
    figure = finished(
        FIGURE, profile_curves.TITLE, caption, lambda: profile_curves.draw(profiles, marks(study.cells["label"]))
    )
    tables = [profiles_table(profile) for profile in profiles]
    return Chapter("profiles", "Profiles", METHOD, [], figure, tables)
