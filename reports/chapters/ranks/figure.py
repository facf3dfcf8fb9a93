"""Figure: average ranks, and which of them are told apart, one panel a scope."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from reports.chapters.ranks.measure import Ranking
from reports.drawing.canvas import panel_grid, rows_of, titled_canvas
from reports.drawing.style import INK, MUTED, Mark, short, styled
from reports.writing.numbers import counted, fixed

TITLE = "Average ranks"
CAPTION = (
    "The average rank of every solver over the instances, 1 for the best. A thick line joins solvers of which no two "
    "are told apart (Wilcoxon's signed ranks, Holm's correction for all pairs); two that share no line "
    "need not differ either: the table of pairs says. The grey line is Nemenyi's critical difference of two ranks."
)
_COLUMNS = 2
_STEP = 0.022
"""Between two lines of a panel, in widths of it."""


def draw(rankings: Sequence[Ranking], solver_marks: dict[str, Mark]) -> Canvas:
    """The figure for at least one ranking."""
    row_in = 1.3 + 0.22 * max(len(ranking.labels) for ranking in rankings)
    with styled():
        canvas = titled_canvas(TITLE, 0.4 + rows_of(len(rankings), _COLUMNS) * row_in, wspace=0.05)
        for panel, ranking in zip(panel_grid(canvas, len(rankings), _COLUMNS), rankings, strict=True):
            panel.set_title(short(ranking.scope), loc="left", fontweight="bold")
            few = "" if ranking.decisive else ", too few to tell any two apart"
            panel.set_title(counted(ranking.instances, "instance") + few, loc="right", fontsize=8, color=MUTED)
            _panel(panel, ranking, solver_marks)
    return canvas


def _panel(panel: Axes, ranking: Ranking, solver_marks: dict[str, Mark]) -> None:
    solvers = len(ranking.labels)
    panel.set_yticks(range(solvers), [short(label) for label in ranking.labels])
    panel.set_ylim(solvers - 0.4, -1.6)
    panel.tick_params(axis="y", length=0)
    panel.grid(visible=False, axis="y")
    panel.set_xlabel("average rank")
    panel.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    width = max(ranking.ranks[-1] - 1, 1.0)
    places = _places(ranking, width * _STEP)
    furthest = max(ranking.ranks[-1], 1 + ranking.critical_difference, *places)
    panel.set_xlim(1 - 0.04 * width, furthest + 0.04 * width)
    for row, (label, rank) in enumerate(zip(ranking.labels, ranking.ranks, strict=True)):
        mark = solver_marks[label]
        panel.hlines(row, panel.get_xlim()[0], rank, color=mark.colour, linewidth=0.8, alpha=0.4, zorder=1)
        panel.plot(rank, row, mark.marker, markersize=6, zorder=4, **mark.filled(True))
    for (first, last), x in zip(ranking.groups, places, strict=True):
        panel.vlines(x, first - 0.25, last + 0.25, color=INK, linewidth=2.4, zorder=3)
    end = 1 + ranking.critical_difference
    panel.hlines(-1, 1, end, color=MUTED, linewidth=2.4)
    note = f"critical difference {fixed(ranking.critical_difference, 2)}"
    panel.annotate(note, (1, -1), (0, 2), textcoords="offset points", ha="left", va="bottom", fontsize=7.5)


def _places(ranking: Ranking, step: float) -> list[float]:
    """Where each group's line stands: right of its ranks, and of the line before with which it shares a solver."""
    places: list[float] = []
    reached = -1
    for first, last in ranking.groups:
        free = ranking.ranks[last] + 1.2 * step
        places.append(max(free, places[-1] + step) if first <= reached else free)
        reached = last
    return places
