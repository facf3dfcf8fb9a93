"""Figure: how solvers change places from family to family, and the gain that each leaves."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from reports.chapters.demand.measure import WHOLE, Comparison
from reports.chapters.demand.table import INTERVAL
from reports.drawing.canvas import titled_canvas
from reports.drawing.scales import gap_scale
from reports.drawing.style import MUTED, PAPER, Mark, short, styled
from reports.writing.numbers import fixed

TITLE = "From drawn families to measured curves and real demand"
CAPTION = (
    "Above, the order of the solvers on every family, the one that captures most on top, with the captured gain in per "
    "cent; a grey bar joins solvers that capture the same. Below, the gain that each leaves to the certified optimum, "
    f"with its {INTERVAL} over traces and training seeds: 0 is the optimum in hindsight, 100 no edge server at all."
)
SHOWN = 40
"""Solvers of the figure, those of the least mean rank."""
_COLUMNS = 4
_ROW_IN = 0.3
_BEFORE, _BEHIND = 0.06, 0.1
"""Room before the first family and behind the last, where its gains stand, in widths of all."""


def draw(comparison: Comparison, solver_marks: dict[str, Mark]) -> Canvas:
    """The figure."""
    labels = comparison.labels[:SHOWN]
    columns = min(_COLUMNS, len(comparison.families))
    rows = math.ceil(len(comparison.families) / columns)
    heights = [0.8 + _ROW_IN * len(labels), *[1.0 + 0.8 * _ROW_IN * len(labels)] * rows]
    with styled():
        canvas = titled_canvas(TITLE, 0.4 + sum(heights), wspace=0.03, hspace=0.03)
        grid = canvas.add_gridspec(1 + rows, columns, height_ratios=heights)
        _places(canvas.add_subplot(grid[0, :]), comparison, labels, solver_marks)
        for number, family in enumerate(comparison.families):
            panel = canvas.add_subplot(grid[1 + number // columns, number % columns])
            panel.set_title(family, loc="left", fontweight="bold")
            _left(panel, comparison, number, labels, solver_marks, named=number % columns == 0)
    return canvas


def _order(comparison: Comparison, number: int, labels: Sequence[str]) -> list[str]:
    """The labels on a family, the most gain first."""
    return sorted(labels, key=lambda label: (comparison.standings[label][number].rank, labels.index(label)))


def _places(panel: Axes, comparison: Comparison, labels: Sequence[str], solver_marks: dict[str, Mark]) -> None:
    families = range(len(comparison.families))
    orders = [_order(comparison, number, labels) for number in families]
    for number, order in zip(families, orders, strict=True):
        for level in comparison.levels(comparison.families[number]):
            shown = [order.index(label) for label in level if label in order]
            panel.vlines(number, min(shown), max(shown), color=MUTED, linewidth=9, alpha=0.35, zorder=1)
    for label in labels:
        mark, heights = solver_marks[label], [order.index(label) for order in orders]
        panel.plot(families, heights, color=mark.colour, linewidth=1.8, alpha=0.8, zorder=2)
        panel.plot(families, heights, mark.marker, markersize=7, zorder=3, **mark.filled(True))
        for number, height in zip(families, heights, strict=True):
            _note(panel, number, height, fixed(comparison.standings[label][number].gain.mean, 1))
    for side, order in (("left", orders[0]), ("right", orders[-1])):
        axis = panel if side == "left" else panel.twinx()
        axis.set_yticks(range(len(order)), [short(label) for label in order])
        axis.set_ylim(len(labels) - 0.4, -0.7)
        axis.tick_params(axis="y", length=0)
        axis.grid(visible=False)
        axis.spines[:].set_visible(False)
    panel.set_xticks(families, comparison.families, fontweight="bold")
    panel.set_xlim(-_BEFORE * (len(families) - 1), (1 + _BEHIND) * (len(families) - 1))
    panel.tick_params(axis="x", length=0)
    panel.xaxis.tick_top()


def _note(panel: Axes, x: float, y: float, text: str) -> None:
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}
    panel.annotate(text, (x, y), (8, 0), textcoords="offset points", va="center", fontsize=8, bbox=box, zorder=4)


def _all_left(comparison: Comparison, labels: Sequence[str]) -> list[float]:
    """What the axis of every panel must hold."""
    gains = [stand.gain for label in labels for stand in comparison.standings[label]]
    return [WHOLE - end for gain in gains for end in (gain.mean, gain.low) if not math.isnan(end)]


def _left(
    panel: Axes,
    comparison: Comparison,
    number: int,
    labels: Sequence[str],
    solver_marks: dict[str, Mark],
    named: bool,
) -> None:
    order = _order(comparison, 0, labels)
    gains = {label: comparison.standings[label][number].gain for label in order}
    gap_scale(panel, "x", _all_left(comparison, labels))
    panel.set_yticks(range(len(order)), [short(label) if named else "" for label in order])
    panel.set_ylim(len(order) - 0.4, -0.6)
    panel.tick_params(axis="y", length=0)
    for row, label in enumerate(order):
        gain, mark = gains[label], solver_marks[label]
        least, mean, most = (max(WHOLE - end, 0.0) for end in (gain.high, gain.mean, gain.low))
        panel.hlines(row, least, most, color=mark.colour, linewidth=1.6, zorder=2)
        panel.plot(mean, row, mark.marker, markersize=6, zorder=3, **mark.filled(True))
    panel.set_xlabel("gain left, %")
