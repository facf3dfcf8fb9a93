"""Anytime curves: how good the answer was in the course of a solve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reports.chapters.anytime.measure import Curve, Race
from reports.drawing.compact import compacted
from reports.drawing.plot import AxisOf, Plot, Series


def plot(races: Sequence[Race]) -> Plot:
    """The mean gap of the best answer so far of every solver, one panel a family."""
    return Plot(
        "anytime",
        "Anytime curves",
        "The mean gap to the best known cost of the best answer so far, against the time since the solver was called."
        " A curve begins when every cell of its solver has an answer; a solver with a cell that never has one is left"
        " out. After the end of a solve its last answer stands. Lower left is better.",
        "lines",
        AxisOf("time, s", "log"),
        AxisOf("mean gap, %", "gap"),
        {
            race.family: [_series(course.label, course.costs) for course in race.courses if course.costs.seconds.size]
            for race in races
        },
        "No solver has answers here whose times are known, so there is no gap to follow.",
        stepped=True,
    )


def _series(label: str, curve: Curve) -> Series:
    """The moments at which the curve falls, and its end."""
    falls = np.flatnonzero(np.diff(curve.gap, prepend=np.inf, append=np.inf)[:-1] != 0)
    kept = np.union1d(falls, [len(curve.gap) - 1])
    x, y = compacted(curve.seconds[kept], 4), compacted(100 * np.maximum(curve.gap[kept], 0.0), 4)
    return {"solver": label, "x": x, "y": y, "complete": True}
