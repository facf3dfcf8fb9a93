"""Figure: the gap of every solver on every instance, one panel a family."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from reports.chapters.overview.panels import Mean, Panel, family_panels, solver_rows
from reports.drawing.scales import gap_scale, percent
from reports.drawing.style import Mark, styled

TITLE = "Gap per family"
CAPTION = (
    "Small points are cells, large ones means over the instances; 0 is the certified optimum. "
    "A horizontal line is the interval of a mean without certified optimum. Hollow: mean over an incomplete set."
)
COLUMNS = 3
_BELOW = 0.27
"""Cells stand this much of a row below the mean, so that it hides none."""
_VECTOR_POINTS = 500
"""A family with more cells than this has them as one picture, so that the file stays small."""


def draw(panels: Sequence[Panel], labels: Sequence[str], solved: pd.DataFrame, solver_marks: dict[str, Mark]) -> Canvas:
    """The figure for the panels and the solved cells; ``labels`` from top to bottom."""
    with styled():
        canvas, grid_axes = family_panels(TITLE, panels, COLUMNS, height_in=1.2 + 0.24 * len(labels))
        gaps = [percent(gap) for gap in (*solved["gap_low"], *solved["gap_high"])]
        for number, (axes, panel) in enumerate(zip(grid_axes, panels, strict=True)):
            gap_scale(axes, "x", gaps)
            axes.set_xlabel("gap, %")
            place = solver_rows(axes, panel, labels, named=number % COLUMNS == 0)
            _cells(axes, solved[solved["scope"] == panel.family], place, solver_marks)
            for mean in panel.means:
                if mean.label in place:
                    _mean(axes, mean, place[mean.label], solver_marks[mean.label])
    return canvas


def _cells(axes: Axes, cells: pd.DataFrame, place: dict[str, int], solver_marks: dict[str, Mark]) -> None:
    for label, group in cells[cells["label"].isin(list(place))].groupby("label", sort=True):
        axes.plot(
            [percent(gap) for gap in group["gap_low"]],
            [place[str(label)] + _BELOW] * len(group),
            "o",
            markersize=3,
            color=solver_marks[str(label)].colour,
            alpha=0.35,
            markeredgewidth=0,
            rasterized=len(cells) > _VECTOR_POINTS,
        )


def _mean(axes: Axes, mean: Mean, row: int, mark: Mark) -> None:
    if mean.high > mean.low:
        end = axes.get_xlim()[1] if math.isinf(mean.high) else mean.high
        axes.hlines(row, mean.low, end, color=mark.colour, linewidth=1)
    axes.plot(mean.low, row, mark.marker, markersize=7, clip_on=False, **mark.filled(mean.complete))
