"""Figure: mean gap of answers above and of bounds below the optimum against time, one panel a family."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from problems.tolerances import OPTIMALITY_TOLERANCE
from reports.chapters.anytime.measure import POINTS, Course, Race
from reports.drawing.canvas import legend_of, panel_grid, rows_of, titled_canvas
from reports.drawing.style import INK, MUTED, Mark, short, styled

TITLE = "Answers and bounds against time"
CAPTION = (
    "Above 0 the mean gap of the best answer so far (full line), below 0 that of the best bound (dashed), to the best "
    "known cost, which is the optimum where it is certified: both come to 0 where optima are proved. A line begins "
    "when every cell of the solver has an answer or a bound, ends with its longest solve, and is missing where a cell "
    "has none. Bands lie between the quartiles over cells, in panels of few solvers. The gap is linear within 0.01 % "
    "of 0 and logarithmic beyond."
)
COLUMNS = 2
_LINEAR_PERCENT = 0.01
_NAMES_A_ROW = 5


def draw(races: Sequence[Race], solver_marks: dict[str, Mark]) -> Canvas:
    """The figure for at least one family."""
    rows = rows_of(len(races), COLUMNS)
    labels = sorted({course.label for race in races for course in race.courses})
    with styled():
        full = len(races) == rows * min(COLUMNS, len(races))
        names_in = 0.2 * math.ceil(len(labels) / _NAMES_A_ROW) * full
        canvas = titled_canvas(TITLE, 0.7 + names_in + 3.6 * rows)
        panels = panel_grid(canvas, len(races), COLUMNS)
        for panel, race in zip(panels, races, strict=True):
            _panel(panel, race, solver_marks)
        handles = [Line2D([], [], color=solver_marks[label].colour, **_marker(solver_marks[label])) for label in labels]
        legend_of(canvas, panels, handles, labels)
    return canvas


def _panel(panel: Axes, race: Race, solver_marks: dict[str, Mark]) -> None:
    panel.set_title(short(race.family), loc="left", fontweight="bold")
    panel.set_xscale("log")
    panel.set_yscale("symlog", linthresh=_LINEAR_PERCENT, linscale=0.5)
    panel.axhline(0, color=INK, linewidth=0.8, zorder=1)
    for course in race.courses:
        _draw(panel, course, solver_marks[course.label])
    panel.set_xlabel("time since the call, s")
    panel.set_ylabel("mean gap, %")
    _ticks(panel)


def _draw(panel: Axes, course: Course, mark: Mark) -> None:
    for curve, sign, style in ((course.costs, 1, "-"), (course.bounds, -1, "--")):
        if len(curve.seconds):
            gaps = sign * _percent(curve.gap)
            if len(curve.low):
                low, high = (sign * _percent(edge) for edge in (curve.low, curve.high))
                panel.fill_between(curve.seconds, low, high, color=mark.colour, alpha=0.15, linewidth=0, zorder=1)
            (line,) = panel.plot(curve.seconds, gaps, style, color=mark.colour, linewidth=1.2, **_marker(mark))
            line.set_markevery([0, POINTS - 1])


def _marker(mark: Mark) -> dict[str, Any]:
    return {"marker": mark.marker, "markersize": 4.5, **mark.filled(True)}


def _percent(gaps: np.ndarray) -> np.ndarray:
    percent: np.ndarray = np.where(np.abs(gaps) <= OPTIMALITY_TOLERANCE, 0.0, 100 * gaps)
    return percent


def _ticks(panel: Axes) -> None:
    low, high = panel.get_ylim()
    powers = [10.0**power for power in range(-2, 4)]
    inside = [tick for tick in (*(-power for power in powers), 0.0, *powers) if low <= tick <= high]
    panel.yaxis.set_major_locator(FixedLocator(inside))
    panel.yaxis.set_minor_locator(NullLocator())
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.tick_params(colors=MUTED, labelcolor=INK)
