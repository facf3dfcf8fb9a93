"""The axis on which a gap of 0 has its place, and that of times."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from problems.tolerances import OPTIMALITY_TOLERANCE

_LEAST_DECADE = -2
"""Gaps below 10 to this power, in per cent, are as good as 0 to the eye."""
_MOST_TICKS = 6


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
