"""The chapter Growth: how solve time grows, where a study has instances of enough sizes."""

from __future__ import annotations

from reports.chapters.chapter import Chapter, Section
from reports.chapters.growth import figure as time_against_size
from reports.chapters.growth.measure import Axis, axes_of
from reports.chapters.growth.table import METHOD, growth_table
from reports.drawing.figure import Figure
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "time-against-size"
TABLES = ("growth",)


def chapter(study: Study) -> Chapter:
    """The chapter; without a section where no size of any family was varied alone, or no cell was tried there."""
    axes = [axis for axis in axes_of(study) if axis.cells["ending"].notna().any()]
    return Chapter(
        "growth",
        _section(study, axes) if axes else None,
    )


def _section(study: Study, axes: list[Axis]) -> Section:
    instances = counted(len({sha for axis in axes for sha in axis.cells["instance_sha256"]}), "instance")
    return Section(
        "Growth",
        METHOD,
        [],
        Figure(
            FIGURE,
            time_against_size.TITLE,
            f"{time_against_size.CAPTION} {instances}. {measured(study)}",
            lambda: time_against_size.draw(axes, marks(study.cells["label"])),
        ),
        [growth_table(axis) for axis in axes],
    )
