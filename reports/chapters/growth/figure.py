"""Figure: the median solve time of every solver against the size of the instances, on logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from problems.families.sizes import Sizes
from reports.chapters.growth.measure import SYMBOLS, Axis, medians
from reports.drawing.canvas import titled_canvas
from reports.drawing.style import GRID, MUTED, Mark, short, styled

TITLE = "Solve time against size"
CAPTION = (
    "Each point is the median solve time of a solver over the instances of one size; both axes are logarithmic, so a "
    "power law is a straight line and its exponent the slope. Hollow: some cells were stopped by a limit or failed and "
    "count with the time limit. A hollow star on a dotted line: half of them or more, so the time is at least the "
    "limit. Where a solver was not tried there is no point. Grey: the solvers of the other rows. The dashed line is "
    "the time limit."
)
_WORDS = {"models": "models", "users": "users", "slots": "slots a frame", "frames": "frames"}
_STOPPED = "*"
"""No solver's marker."""
_KINDS = ("exact", "hindsight", "online")
"""A row of panels each."""


class _Line(NamedTuple):
    label: str
    kind: str
    points: pd.DataFrame


def draw(axes_of_study: Sequence[Axis], solver_marks: dict[str, Mark]) -> Canvas:
    """The figure: a column for every dimension, and for every family a row for each kind of solver."""
    families = list(dict.fromkeys(axis.family for axis in axes_of_study))
    dimensions = [field for field in Sizes._fields if any(axis.dimension == field for axis in axes_of_study)]
    lines = {(axis.family, axis.dimension): _lines(axis) for axis in axes_of_study}
    rows = [
        (f, k) for f in families for k in _KINDS if any(x.kind == k for key in lines if key[0] == f for x in lines[key])
    ]
    with styled():
        canvas = titled_canvas(TITLE, 0.8 + 2.7 * len(rows), wspace=0.03)
        grid = canvas.subplots(len(rows), len(dimensions), squeeze=False, sharey=True)
        for place, (family, kind) in enumerate(rows):
            named: list[_Line] = []
            for panel, dimension in zip(grid[place], dimensions, strict=True):
                axis = next((a for a in axes_of_study if (a.family, a.dimension) == (family, dimension)), None)
                if axis is None:
                    panel.set_axis_off()
                    continue
                shown = lines[family, dimension]
                _panel(panel, axis, [line for line in shown if line.kind == kind], shown, solver_marks)
                named += [line for line in shown if line.kind == kind]
            grid[place][0].set_ylabel("solve time, s")
            _legend(grid[place][-1], f"{short(family)}: {kind}", named, solver_marks)
    return canvas


def _lines(axis: Axis) -> list[_Line]:
    found = []
    for label, cells in axis.cells.groupby("label", sort=True):
        points = medians(axis, str(label))
        if len(points):
            tier = next((str(tier) for tier in cells["tier"].dropna()), "")
            kind = "exact" if cells["exact"].any() else "online" if tier.startswith("online") else "hindsight"
            found.append(_Line(str(label), kind, points))
    return found


def _panel(
    panel: Axes, axis: Axis, own: Sequence[_Line], every: Sequence[_Line], solver_marks: dict[str, Mark]
) -> None:
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.xaxis.set_major_locator(FixedLocator(axis.sizes))
    panel.xaxis.set_minor_locator(NullLocator())
    for scale in (panel.xaxis, panel.yaxis):
        scale.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.yaxis.set_minor_locator(NullLocator())
    panel.set_xlabel(f"{SYMBOLS[axis.dimension]}, {_WORDS[axis.dimension]}")
    panel.set_title(axis.fixed_sizes, loc="left", fontsize=8, color=MUTED)
    for limit in axis.cells["time_limit_s"].dropna().unique():
        panel.axhline(float(limit), color=MUTED, linewidth=0.8, linestyle="--", zorder=1)
    for line in every:
        panel.plot(line.points["size"], line.points["seconds"], color=GRID, linewidth=0.9, zorder=1)
    for line in own:
        _draw_line(panel, line.points, solver_marks[line.label])


def _draw_line(panel: Axes, points: pd.DataFrame, mark: Mark) -> None:
    known = points["seconds"].mask(points["censored"])
    panel.plot(points["size"], points["seconds"], color=mark.colour, linewidth=1, linestyle=":", zorder=2)
    panel.plot(points["size"], known, color=mark.colour, linewidth=1.3, alpha=0.85, zorder=3)
    columns = (points[name].tolist() for name in ("size", "seconds", "stopped", "censored"))
    for size, seconds, stopped, censored in zip(*columns, strict=True):
        marker, side_pt = (_STOPPED, 9) if censored else (mark.marker, 5.5)
        panel.plot(size, seconds, marker, markersize=side_pt, zorder=4, clip_on=False, **mark.filled(stopped == 0))


def _legend(panel: Axes, title: str, named: Sequence[_Line], solver_marks: dict[str, Mark]) -> None:
    """Beside the row, in the order of the lines' ends in its last panel."""
    last = {line.label: (float(line.points["seconds"].iloc[-1]), line.label) for line in named}
    labels = sorted(last, key=lambda label: last[label], reverse=True)
    handles = [
        Line2D(
            [],
            [],
            color=solver_marks[label].colour,
            marker=solver_marks[label].marker,
            **solver_marks[label].filled(True),
        )
        for label in labels
    ]
    legend = panel.legend(
        handles,
        [short(label) for label in labels],
        title=title,
        loc="center left",
        bbox_to_anchor=(1.02, 0.5),
        fontsize=8,
    )
    legend.get_title().set_fontweight("bold")
    legend.set_alignment("left")
