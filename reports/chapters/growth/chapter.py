"""The chapter Growth: a figure and tables, where a study has instances of enough sizes."""

from __future__ import annotations

from reports.chapters.chapter import Chapter
from reports.chapters.growth import figure as time_against_size
from reports.chapters.growth.measure import axes_of
from reports.chapters.growth.table import METHOD, growth_table
from reports.drawing.figure import finished
from reports.drawing.style import marks
from reports.study.machines import measured
from reports.study.study import Study
from reports.writing.numbers import counted

FIGURE = "time-against-size"
"""The stem of the figure's files."""
TABLES = ("growth",)
"""The stems of the tables' files."""


def chapter(study: Study) -> Chapter | None:
    """The chapter; None where no size of any family was varied alone, or no cell was tried there."""
    axes = [axis for axis in axes_of(study) if axis.cells["ending"].notna().any()]
    if not axes:
        return None
    instances = len({sha for axis in axes for sha in axis.cells["instance_sha256"]})
    caption = f"{time_against_size.CAPTION} {counted(instances, 'instance')}. {measured(study)}"
    figure = finished(
        FIGURE, time_against_size.TITLE, caption, lambda: time_against_size.draw(axes, marks(study.cells["label"]))
    )
    return Chapter("growth", "Growth", METHOD, [], figure, [growth_table(axis) for axis in axes])
