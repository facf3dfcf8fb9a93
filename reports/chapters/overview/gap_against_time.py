"""Figure: the mean gap of every solver against its solve time, one panel a family."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from reports.chapters.overview.panels import Mean, Panel, family_panels
from reports.drawing.canvas import legend_of
from reports.drawing.labels import Line, name_points
from reports.drawing.scales import gap_scale, time_scale
from reports.drawing.style import GRID, MUTED, OTHER, Mark, short, styled
from reports.statistics.means import TIME_SHIFT_S

TITLE = "Gap against solve time"
CAPTION = (
    "Each point is a solver: its mean gap against the geometric mean of its solve times "
    f"(shifted by {TIME_SHIFT_S:g} s). Lower left is better; 0 is the certified optimum. The grey steps join the "
    "solvers that no other beats in both. A vertical line is the interval of a gap without certified optimum. "
    "Hollow: mean over an incomplete set."
)
NAMED = 24
"""With more solvers in a panel only those on the front are named and coloured."""
_ALPHA = 0.85
"""Points let those behind them show."""
_LISTED = 2
"""So many solvers without an answer are named above a panel; more are counted."""


def draw(panels: Sequence[Panel], solver_marks: dict[str, Mark]) -> Canvas:
    """The figure for panels whose means all have a solve time."""
    with styled():
        canvas, grid_axes = family_panels(TITLE, panels, columns=2, height_in=4.0)
        gaps = [gap for panel in panels for mean in panel.means for gap in (mean.low, mean.high)]
        for axes, panel in zip(grid_axes, panels, strict=True):
            gap_scale(axes, "y", gaps)
            time_scale(axes, [mean.time_s for mean in panel.means])
            axes.set_xlabel("solve time, s")
            axes.set_ylabel("mean gap, %")
            axes.set_title(_unanswered(panel.silent), loc="right", fontsize=8, color=MUTED)
            _points(axes, panel.means, solver_marks)
        canvas.draw_without_rendering()
        if not all(_name(axes, panel.means) for axes, panel in zip(grid_axes, panels, strict=True)):
            _name_the_front_only(canvas, grid_axes, panels, solver_marks)
    return canvas


def front(means: Sequence[Mean]) -> list[Mean]:
    """The solvers that none beats in time and gap at once, the fastest first; only complete means compete."""
    ahead: list[Mean] = []
    for mean in sorted((m for m in means if m.complete), key=lambda m: (m.time_s, m.low, m.label)):
        if not ahead or mean.low < ahead[-1].low:
            ahead.append(mean)
    return ahead


def _unanswered(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    return "no answer: " + (", ".join(map(short, labels)) if len(labels) <= _LISTED else f"{len(labels)} solvers")


def _points(axes: Axes, means: Sequence[Mean], solver_marks: dict[str, Mark]) -> None:
    for line in _steps(front(means)):
        axes.plot(*zip(*line, strict=True), color=GRID, linewidth=2, solid_capstyle="projecting", zorder=2)
    named = {mean.label for mean in _named(means)}
    for mean in means:
        is_named = mean.label in named
        mark, layer = (solver_marks[mean.label], 3) if is_named else (OTHER, 1)
        if is_named:
            top = min(mean.high, axes.get_ylim()[1])
            axes.vlines(mean.time_s, mean.low, top, color=mark.colour, linewidth=1, alpha=0.6, zorder=layer)
        style = {"alpha": _ALPHA, "markersize": 6.5, "zorder": layer + 1, **mark.filled(mean.complete)}
        axes.plot(mean.time_s, mean.low, mark.marker, clip_on=False, **style)


def _named(means: Sequence[Mean]) -> Sequence[Mean]:
    return means if len(means) <= NAMED else front(means)


def _name(axes: Axes, means: Sequence[Mean]) -> bool:
    named = _named(means)
    points = [(mean.time_s, mean.low, short(mean.label)) for mean in named]
    top = axes.get_ylim()[1]
    intervals: list[Line] = [((m.time_s, m.low), (m.time_s, min(m.high, top))) for m in named if m.high > m.low]
    return name_points(axes, points, [*_steps(front(means)), *intervals]) or name_points(axes, points)


def _steps(ahead: Sequence[Mean]) -> list[Line]:
    lines: list[Line] = []
    for faster, better in pairwise(ahead):
        lines.append(((faster.time_s, faster.low), (better.time_s, faster.low)))
        lines.append(((better.time_s, faster.low), (better.time_s, better.low)))
    return lines


def _name_the_front_only(
    canvas: Canvas, grid_axes: Sequence[Axes], panels: Sequence[Panel], solver_marks: dict[str, Mark]
) -> None:
    """Names at the front, and a legend for all: where a panel is free in its place, else below."""
    for axes in grid_axes:
        for note in list(axes.texts):
            note.remove()
    names = {mean.label for panel in panels for mean in _named(panel.means)}
    shown = [(label, mark) for label, mark in solver_marks.items() if label in names]
    handles = [Line2D([], [], linestyle="", marker=mark.marker, **mark.filled(True)) for _, mark in shown]
    labels = [label for label, _ in shown]
    legend_of(canvas, grid_axes, handles, labels)
    canvas.draw_without_rendering()
    for axes, panel in zip(grid_axes, panels, strict=True):
        _name_what_fits(axes, panel.means)


def _name_what_fits(axes: Axes, means: Sequence[Mean]) -> None:
    """As many names of the front as find a place off every point, those of the best solvers first."""
    ahead = front(means)
    points = [(mean.time_s, mean.low, short(mean.label)) for mean in ahead]
    others = [(mean.time_s, mean.low) for mean in means if mean not in ahead]
    for left_out in range(len(points)):
        nameless = [*others, *(point[:2] for point in points[:left_out])]
        if name_points(axes, points[left_out:], _steps(ahead), nameless):
            return
