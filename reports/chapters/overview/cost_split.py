"""Figure: what the mean cost of every solver is made of, one panel a family."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Patch

from reports.chapters.overview.panels import Mean, Panel, family_panels, solver_rows
from reports.drawing.style import PAPER, PARTS, styled
from reports.writing.numbers import DAGGER

TITLE = "What the cost is made of"
CAPTION = (
    "Mean cost J of a request, split into weighted latency, weighted quality (TV), lateness and loading of models. "
    f"The number is their sum. {DAGGER} mean over an incomplete set: not comparable with the others."
)
COLUMNS = 3
_ROOM = 1.22
"""The axis is this much longer than the longest bar, for the number behind it."""


def draw(panels: Sequence[Panel], labels: Sequence[str]) -> Canvas:
    """The figure for the panels; ``labels`` from top to bottom."""
    with styled():
        canvas, grid_axes = family_panels(TITLE, panels, COLUMNS, height_in=1.3 + 0.24 * len(labels))
        for number, (axes, panel) in enumerate(zip(grid_axes, panels, strict=True)):
            axes.set_xlabel("mean cost a request")
            axes.grid(visible=False)
            place = solver_rows(axes, panel, labels, named=number % COLUMNS == 0)
            shown = [mean for mean in panel.means if mean.label in place]
            for mean in shown:
                _bar(axes, mean, place[mean.label])
            axes.set_xlim(0, _ROOM * max((sum(mean.parts.values()) for mean in shown), default=1.0))
        present = [part for part in PARTS if any(mean.parts[part] > 0 for panel in panels for mean in panel.means)]
        handles = [Patch(color=PARTS[part]) for part in present]
        canvas.legend(handles, present, loc="outside lower center", ncols=len(PARTS))
    return canvas


def _bar(axes: Axes, mean: Mean, row: int) -> None:
    left = 0.0
    for part, width in mean.parts.items():
        axes.barh(row, width, left=left, height=0.7, color=PARTS[part], edgecolor=PAPER, linewidth=0.5)
        left += width
    text = f"{left:.3f}" + ("" if mean.complete else DAGGER)
    axes.annotate(text, (left, row), (3, 0), textcoords="offset points", va="center", fontsize=7.5)
