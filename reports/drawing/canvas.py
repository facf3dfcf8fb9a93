"""What a figure is drawn on: a titled canvas, a grid of panels, a legend for all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine

from reports.drawing.style import short

_WIDTH_IN = 10
_LEGEND_ROWS = 12
"""Of a legend in the place of a panel."""


def titled_canvas(title: str, height_in: float, wspace: float = 0.04, hspace: float | None = None) -> Canvas:
    """A canvas 10 inches wide; ``wspace`` and ``hspace`` between its panels as in matplotlib's constrained layout."""
    canvas = Canvas(figsize=(_WIDTH_IN, height_in), layout=ConstrainedLayoutEngine(wspace=wspace, hspace=hspace))
    canvas.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return canvas


def rows_of(panels: int, columns: int) -> int:
    """How many rows so many panels need, at most so many side by side."""
    return math.ceil(panels / min(columns, panels))


def panel_grid(canvas: Canvas, panels: int, columns: int) -> list[Axes]:
    """So many panels on the canvas, at most so many side by side, from left to right and from top to bottom."""
    axes = canvas.subplots(rows_of(panels, columns), min(columns, panels), squeeze=False).ravel().tolist()
    for spare in axes[panels:]:
        spare.remove()
    return axes[:panels]


def legend_of(canvas: Canvas, panels: Sequence[Axes], handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """A legend for all panels of a grid: where one is free in its last row, else below."""
    labels = [short(label) for label in labels]
    spec = panels[-1].get_subplotspec()
    assert spec is not None
    cells = spec.get_gridspec()
    if len(panels) < cells.nrows * cells.ncols:
        spare = canvas.add_subplot(cells[-1, -1])
        spare.set_axis_off()
        columns = math.ceil(len(labels) / _LEGEND_ROWS)
        spare.legend(handles, labels, loc="upper left", ncols=columns, fontsize=8.5, labelspacing=0.7)
    else:
        canvas.legend(handles, labels, loc="outside lower center", ncols=5, fontsize=8)
