"""Figure: the excess of every solver over the best online policy with its interval, one panel a family."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from reports.chapters.learners.measure import Contest, Contestant
from reports.drawing.canvas import panel_grid, rows_of, titled_canvas
from reports.drawing.style import INK, MUTED, Mark, short, styled
from reports.statistics.two_way_bootstrap import CONFIDENCE
from reports.study.cells import BEST_ONLINE

TITLE = f"Excess over {BEST_ONLINE}"
CAPTION = (
    f"Mean cost above that of “{BEST_ONLINE}” on the same instances, with its {100 * CONFIDENCE:g}\u00a0% interval "
    "over training seeds and traces. Coloured: solvers that learn; grey: others. Linear up to 1\u00a0%, then "
    "logarithmic."
)
SHOWN = 40
"""Rows of a panel; learners come first."""
_COLUMNS = 2
_DECADES = (-100, -10, -1, 0, 1, 10, 100, 1000)
_FINER = (-2, -1, -0.5, 0, 0.5, 1, 2, 5, 10, 20)


def draw(contests: Sequence[Contest], solver_marks: dict[str, Mark]) -> Canvas:
    """The figure for families that each have a contestant."""
    shown = [_shown(contest) for contest in contests]
    row_in = 1.2 + 0.24 * max(len(each) for each in shown)
    with styled():
        canvas = titled_canvas(TITLE, rows_of(len(contests), _COLUMNS) * row_in)
        panels = panel_grid(canvas, len(contests), _COLUMNS)
        for panel, contest, contestants in zip(panels, contests, shown, strict=True):
            panel.set_title(short(contest.family), loc="left", fontweight="bold")
            _panel(panel, contestants, solver_marks)
    return canvas


def _shown(contest: Contest) -> list[Contestant]:
    chosen = sorted(contest.contestants, key=lambda contestant: not contestant.learns)[:SHOWN]
    return [contestant for contestant in contest.contestants if contestant in chosen]


def _panel(panel: Axes, contestants: Sequence[Contestant], solver_marks: dict[str, Mark]) -> None:
    panel.set_xscale("symlog", linthresh=1, linscale=0.8)
    panel.set_yticks(range(len(contestants)), [short(contestant.label) for contestant in contestants])
    panel.set_ylim(len(contestants) - 0.4, -0.6)
    panel.tick_params(axis="y", length=0)
    panel.axvline(0, color=INK, linewidth=0.8, zorder=1)
    ends = [0.0]
    for row, contestant in enumerate(contestants):
        found, mark = contestant.excess, solver_marks[contestant.label]
        colour = mark.colour if contestant.learns else MUTED
        ends += [end for end in (found.mean, found.low, found.high) if not math.isnan(end)]
        panel.hlines(row, found.low, found.high, color=colour, linewidth=1.6, zorder=2)
        panel.plot(found.mean, row, mark.marker, markersize=6, color=colour, zorder=3)
    low, high = 1.3 * min(ends) - 0.15, 1.3 * max(ends) + 0.15
    panel.set_xlim(low, high)
    ticks = _FINER if low >= 2 * _FINER[0] and high <= 2 * _FINER[-1] else _DECADES
    panel.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.set_xlabel("mean excess, %")
