"""Figure: performance profiles, data profiles and times to a gap, one row of panels a gap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from reports.chapters.profiles.measure import Profile, within
from reports.drawing.canvas import titled_canvas
from reports.drawing.style import Mark, short, styled
from reports.statistics.time_profiles import distribution

TITLE = "Profiles"
CAPTION = (
    "The share of all instances on which a solver had an answer within the gap: left, in at most so many times the "
    "time of the fastest solver (performance profile); middle, in at most so many seconds by active request (data "
    "profile); right, in at most so many seconds. Higher and further left is better; a curve that ends below "
    "100\u00a0% never reached the gap on the rest. The legend lists first who reaches the widest gap most often, then "
    "soonest."
)
SHOWN = 14
"""Curves of a panel: the solvers that reach the first gap most often, then soonest."""
_LEGEND_COLUMNS = 5
_MARKED = 3
"""Markers on a curve."""
_HEADS = ("times the fastest", "seconds by request", "seconds")


def draw(profiles: Sequence[Profile], solver_marks: dict[str, Mark]) -> Canvas:
    """The figure for at least one profile."""
    shown = _order(profiles[0])[:SHOWN]
    every = [[_values(profile)[column] for profile in profiles] for column in range(len(_HEADS))]
    reaches = [_reach(np.concatenate(values, axis=None)) for values in every]
    with styled():
        canvas = titled_canvas(TITLE, 1.4 + 2.5 * len(profiles), wspace=0.03)
        grid = canvas.subplots(len(profiles), len(_HEADS), squeeze=False, sharey=True, sharex="col")
        for panels, profile in zip(grid, profiles, strict=True):
            for panel, values, reach in zip(panels, _values(profile), reaches, strict=True):
                _panel(panel, profile, values, reach, shown, solver_marks)
            panels[0].set_ylabel("instances, %")
            panels[0].set_title(within(profile.target), loc="left", fontweight="bold")
        for panel, head in zip(grid[-1], _HEADS, strict=True):
            panel.set_xlabel(head)
            panel.xaxis.set_major_locator(LogLocator(numticks=6))
            panel.xaxis.set_minor_locator(NullLocator())
            panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("e-0", "e-")))
        looks = [solver_marks[label] for label in shown]
        handles = [Line2D([], [], marker=look.marker, markersize=5, **look.line) for look in looks]
        canvas.legend(
            handles,
            [short(label) for label in shown],
            loc="outside lower center",
            fontsize=8,
            ncols=_LEGEND_COLUMNS,
            handlelength=3.5,
        )
    return canvas


def _values(profile: Profile) -> tuple[np.ndarray, ...]:
    return profile.ratios, profile.times_by_request_s, profile.times_s


def _reach(values: np.ndarray) -> tuple[float, float]:
    """The ends of the axis on which these stand."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()) / 1.3, float(finite.max()) * 1.3) if finite.size else (0.1, 10.0)


def _order(profile: Profile) -> list[str]:
    """The solvers, those that reach the gap most often first, then by their times."""
    reached = np.isfinite(profile.times_s)
    seconds = np.where(reached, np.log(np.where(reached, profile.times_s, 1.0)), 0.0).sum(axis=0)
    order = np.lexsort((seconds, -reached.sum(axis=0)))
    return [profile.labels[place] for place in order]


def _panel(
    panel: Axes,
    profile: Profile,
    values: np.ndarray,
    reach: tuple[float, float],
    shown: Sequence[str],
    solver_marks: dict[str, Mark],
) -> None:
    panel.set_xscale("log")
    panel.set_xlim(*reach)
    panel.set_ylim(-2, 103)
    for place, label in enumerate(shown):
        steps, mark = distribution(values[:, profile.labels.index(label)]), solver_marks[label]
        if len(steps.at):
            x, y = np.r_[steps.at[0], steps.at, reach[1]], 100 * np.r_[0.0, steps.share, steps.share[-1]]
            panel.step(x, y, where="post", linewidth=1.1, alpha=0.85, **mark.line)
            every = max(1, len(steps.at) // _MARKED)
            marked = slice(place % every, None, every)
            panel.plot(steps.at[marked], 100 * steps.share[marked], mark.marker, color=mark.colour, markersize=4)
