"""The chapter Anytime: how soon answers and bounds were good, where a study knows when they came."""

from __future__ import annotations

from reports.chapters.anytime import figure as answers_against_time
from reports.chapters.anytime.measure import Race, races_of
from reports.chapters.anytime.plot import plot
from reports.chapters.anytime.table import METHOD, anytime_table
from reports.chapters.chapter import Chapter, Section
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "answers-against-time"
TABLES = ("anytime",)


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where it is known of no cell when its answers came."""
    races = races_of(study)
    followed = [race for race in races if race.courses]
    return Chapter(
        "anytime",
        _section(study, followed) if followed else None,
        [plot(races)],
    )


def _section(study: Study, races: list[Race]) -> Section:
    instances = counted(sum(race.instances for race in races), "instance")
    return Section(
        "Anytime",
        METHOD,
        [],
        Figure(
            FIGURE,
            answers_against_time.TITLE,
            f"{answers_against_time.CAPTION} {instances}. {measured(study)}",
            lambda: answers_against_time.draw(races, marks(study.cells["label"])),
        ),
        [anytime_table(race) for race in races],
    )
