"""What the figures of the overview show: the solvers' means, one panel a family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from reports.drawing.canvas import panel_grid, rows_of, titled_canvas
from reports.drawing.scales import percent
from reports.drawing.style import MUTED, PARTS, short


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


def family_panels(title: str, panels: Sequence[Panel], columns: int, height_in: float) -> tuple[Canvas, list[Axes]]:
    """A titled figure with axes for each panel, rows so high, that bear its family's name."""
    canvas = titled_canvas(title, height_in * rows_of(len(panels), columns))
    axes = panel_grid(canvas, len(panels), columns)
    for each, panel in zip(axes, panels, strict=True):
        each.set_title(short(panel.family), loc="left", fontweight="bold")
    return canvas, axes


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
