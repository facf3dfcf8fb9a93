"""A grid of panels, one a family, and the axis on which a gap of 0 has its place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from problems.judge import OPTIMALITY_TOLERANCE
from reports.drawing.style import MUTED, PARTS, short

_LEAST_DECADE = -2
"""Gaps below 10 to this power, in per cent, are as good as 0 to the eye."""
_MOST_TICKS = 6
_LEGEND_ROWS = 12
"""Of a legend in the place of a panel."""


@dataclass(frozen=True)
class Mean:
    """A solver's means over a family, as a figure shows them."""

    label: str
    time_s: float
    low: float
    """Mean gap, per cent: to the best known cost, the optimum where certified."""
    high: float
    """Mean gap, per cent: to the best bound; infinite without one."""
    parts: dict[str, float]
    """The mean cost by its parts."""
    complete: bool
    """Whether every cell of every instance of the family stands behind the means."""


@dataclass(frozen=True)
class Panel:
    """A family and what a figure shows of it."""

    family: str
    means: list[Mean]
    """Of the solvers that have an answer, the best first."""
    tried: frozenset[str]
    """Labels of the solvers that ran on the family."""

    @property
    def silent(self) -> list[str]:
        """The solvers that ran and have no answer."""
        return sorted(self.tried - {mean.label for mean in self.means})


def panel_of(family: str, rows: pd.DataFrame, tried: Iterable[str]) -> Panel:
    """The panel for the rows of a summary on one family."""
    columns = (rows[name].tolist() for name in ("label", "time_s", "gap_low", "gap_high", "complete"))
    split = [dict(zip(PARTS, parts, strict=True)) for parts in rows[[f"{part}_cost" for part in PARTS]].values.tolist()]
    means = [
        Mean(label, time, percent(low), percent(high), parts, complete)
        for label, time, low, high, complete, parts in zip(*columns, split, strict=True)
    ]
    return Panel(family, means, frozenset(tried))


def grid(title: str, panels: Sequence[Panel], columns: int, height_in: float) -> tuple[Canvas, list[Axes]]:
    """A titled figure 10 inches wide with titled axes for each panel."""
    columns = min(columns, len(panels))
    rows = math.ceil(len(panels) / columns)
    canvas = Canvas(figsize=(10, height_in * rows), layout=ConstrainedLayoutEngine(wspace=0.04))
    canvas.suptitle(title, x=0.01, ha="left", fontweight="bold")
    axes = canvas.subplots(rows, columns, squeeze=False).ravel().tolist()
    for spare in axes[len(panels) :]:
        spare.remove()
    for each, panel in zip(axes, panels, strict=False):
        each.set_title(short(panel.family), loc="left", fontweight="bold")
    return canvas, axes[: len(panels)]


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


def solver_rows(axes: Axes, panel: Panel, labels: Sequence[str], named: bool) -> dict[str, int]:
    """Make the y axis one row a label, from top to bottom; say so where a solver has no answer.

    ``named`` writes the labels. Returns the row of every label.
    """
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.set_yticks(range(len(labels)), [short(label) if named else "" for label in labels])
    axes.tick_params(axis="y", length=0)
    place = {label: row for row, label in enumerate(labels)}
    for label in sorted(place.keys() - {mean.label for mean in panel.means}):
        note = "no answer" if label in panel.tried else "not tried"
        axes.text(
            *(0.02, place[label], note), transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, color=MUTED
        )
    return place


def percent(fraction: float) -> float:
    """A gap in per cent; 0 where it is within the contract's tolerance of the optimum."""
    return 0.0 if fraction <= OPTIMALITY_TOLERANCE else 100 * fraction


def gap_scale(axes: Axes, which: str, gaps_percent: Iterable[float]) -> None:
    """Make ``which`` axis (``x`` or ``y``) logarithmic down to the smallest gaps, linear from there to 0."""
    positive = [gap for gap in gaps_percent if 0 < gap < math.inf]
    lowest = max(math.floor(math.log10(min(positive, default=1.0))), _LEAST_DECADE)
    threshold = 10.0**lowest
    top = 1.6 * max(max(positive, default=1.0), threshold)
    axis: Axis = axes.xaxis if which == "x" else axes.yaxis
    set_scale, set_limits = (axes.set_xscale, axes.set_xlim) if which == "x" else (axes.set_yscale, axes.set_ylim)
    set_scale("symlog", linthresh=threshold, linscale=0.6)
    set_limits(-0.35 * threshold, top)
    _plain_ticks(axis, [0.0, *(10.0**power for power in range(lowest, math.floor(math.log10(top)) + 1))])


def time_scale(axes: Axes, times_s: Iterable[float]) -> None:
    """Make the x axis logarithmic with some room at its ends."""
    times = list(times_s)
    low, high = min(times) / 1.6, max(times) * 1.6
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    whole, finer = ([step * 10.0**power for power in powers for step in steps] for steps in ((1,), (1, 2, 5)))
    inside = [tick for tick in finer if low <= tick <= high]
    _plain_ticks(axes.xaxis, inside if len(inside) <= _MOST_TICKS else [tick for tick in whole if low <= tick <= high])


def _plain_ticks(axis: Axis, ticks: Sequence[float]) -> None:
    axis.set_major_locator(FixedLocator(ticks))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
