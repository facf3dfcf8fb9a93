"""Mean gap against solve time, with the solvers that none beats in both."""

from __future__ import annotations

import math

import pandas as pd

from reports.chapters.overview.gap_against_time import CAPTION, TITLE, front
from reports.chapters.overview.panels import panel_of
from reports.drawing.compact import compact
from reports.drawing.plot import AxisOf, Plot, Series


def plot(summary: pd.DataFrame) -> Plot:
    """One point a solver, for every scope of the summary."""
    timed = summary[(summary["instances"] > 0) & (summary["time_s"] > 0)]
    panels = {str(scope): _panel(str(scope), rows) for scope, rows in timed.groupby("scope", sort=False)}
    nothing = "No solver has an answer here, so there is no gap."
    axes = AxisOf("solve time, s", "log"), AxisOf("mean gap, %", "gap")
    return Plot("gap-time", TITLE, CAPTION, "points", *axes, panels, nothing)


def _panel(scope: str, rows: pd.DataFrame) -> list[Series]:
    means = panel_of(scope, rows, rows["label"]).means
    ahead = {mean.label for mean in front(means)}
    return [
        {"solver": mean.label, "x": compact(mean.time_s), "y": compact(mean.low), "complete": bool(mean.complete)}
        | {"high": compact(mean.high) if math.isfinite(mean.high) else None, "front": mean.label in ahead}
        for mean in means
    ]
