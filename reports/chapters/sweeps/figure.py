"""Figure: cost, excess over the optimum and edge hit ratio along every axis of a sweep, a row an axis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from reports.chapters.sweeps.measure import Point, Sweep
from reports.drawing.canvas import titled_canvas
from reports.drawing.scales import gap_scale
from reports.drawing.style import INK, Mark, short, styled
from reports.statistics.two_way_bootstrap import CONFIDENCE

TITLE = "One parameter of the setting at a time"
CAPTION = (
    "A row for each parameter: mean cost a request (utility is its negative; lower is better), excess over the "
    "certified optimum (linear up to the lowest power of ten, then logarithmic), and edge hit ratio. Vertical lines "
    f"are the {100 * CONFIDENCE:g}\u00a0% intervals over traces and training seeds; solvers share the luck of the "
    "traces. Dashed: the certified optimum; exact solvers, which reach it, have no line of their own in the first two "
    "columns. Hollow: a mean over an incomplete set of instances."
)
_LABELS = {"cost": "cost a request", "excess": "excess, %", "hit_ratio": "edge hit ratio"}
_OPTIMUM = "certified optimum"
_LEGEND_COLUMNS = 4


def draw(sweeps: Sequence[Sweep], solver_marks: dict[str, Mark]) -> Canvas:
    """The figure for at least one sweep."""
    labels = sorted({label for sweep in sweeps for label in sweep.solvers})
    legend_rows = -(-(len(labels) + 1) // _LEGEND_COLUMNS)
    with styled():
        canvas = titled_canvas(TITLE, 0.9 + 0.22 * legend_rows + 1.9 * len(sweeps), hspace=0.03)
        grid = canvas.subplots(len(sweeps), len(_LABELS), squeeze=False)
        for row, sweep in zip(grid, sweeps, strict=True):
            for panel, metric in zip(row, _LABELS, strict=True):
                _panel(panel, sweep, metric, solver_marks)
            row[0].set_title(f"{short(sweep.family)}: {sweep.axis.name}", loc="left", fontweight="bold")
        keys = [_key(label, solver_marks[label]) for label in labels]
        keys.append(Line2D([], [], color=INK, linestyle="--", linewidth=1.2, label=_OPTIMUM))
        canvas.legend(handles=keys, loc="outside lower center", ncols=_LEGEND_COLUMNS)
    return canvas


def _key(label: str, mark: Mark) -> Line2D:
    return Line2D(
        [], [], marker=mark.marker, markersize=6, linewidth=1.4, label=short(label), **mark.line, **mark.filled(True)
    )


def _panel(panel: Axes, sweep: Sweep, metric: str, solver_marks: dict[str, Mark]) -> None:
    values = [point.value for point in sweep.points]
    shown: list[float] = []
    if metric == "cost":
        optima = [np.nan if point.optimum is None else point.optimum.mean for point in sweep.points]
        panel.plot(values, optima, color=INK, linestyle="--", linewidth=1.2, zorder=5)
    for label in sweep.solvers:
        points = [point for point in sweep.points if label in point.outcomes]
        points = [point for point in points if metric in point.outcomes[label].estimates]
        if not points or (metric != "hit_ratio" and all(point.outcomes[label].exact for point in points)):
            continue
        shown += _line(panel, points, label, metric, solver_marks[label])
    if metric == "excess":
        gap_scale(panel, "y", shown)
        panel.axhline(0, color=INK, linestyle="--", linewidth=1.2, zorder=5)
    elif metric == "hit_ratio":
        panel.set_ylim(-0.04, 1.04)
    panel.xaxis.set_major_locator(FixedLocator(_readable(values)))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.3g}"))
    panel.set_xlabel(sweep.axis.label)
    panel.set_ylabel(_LABELS[metric])


def _line(panel: Axes, points: Sequence[Point], label: str, metric: str, mark: Mark) -> list[float]:
    """Draw a solver's line; returns the heights of its points."""
    values = [point.value for point in points]
    estimates = [point.outcomes[label].estimates[metric] for point in points]
    means = [found.mean for found in estimates]
    panel.plot(values, means, linewidth=1.4, zorder=3, **mark.line)
    low, high = [found.low for found in estimates], [found.high for found in estimates]
    panel.vlines(values, low, high, color=mark.colour, linewidth=1.0, alpha=0.7, zorder=2)
    for point, mean in zip(points, means, strict=True):
        complete = point.outcomes[label].complete
        panel.plot(point.value, mean, mark.marker, markersize=6, zorder=4, **mark.filled(complete))
    return means


def _readable(values: Sequence[float]) -> list[float]:
    """The values, without those whose labels would lie on that of the one before."""
    least = 0.09 * (max(values) - min(values))
    kept: list[float] = []
    for value in values:
        if not kept or value - kept[-1] >= least:
            kept.append(value)
    return kept
