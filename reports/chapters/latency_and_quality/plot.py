"""What the cost trades: mean latency against mean quality."""

from __future__ import annotations

import pandas as pd

from reports.drawing.compact import compact
from reports.drawing.plot import AxisOf, Plot, Series


def plot(summary: pd.DataFrame) -> Plot:
    """One point a solver, for every scope of the summary."""
    answered = summary[summary["instances"] > 0]
    panels = {str(scope): _panel(rows) for scope, rows in answered.groupby("scope", sort=False)}
    return Plot(
        "latency-quality",
        "Latency against quality",
        "Each point is a solver: mean latency of a request and mean TV (total variation) of its content. Lower is"
        " better in both; the cost weighs them by the scenario's latency weight. Hollow: mean over an incomplete set.",
        "points",
        AxisOf("mean latency, s", "span"),
        AxisOf("mean TV", "span"),
        panels,
        "No solver has an answer here, so there is no latency and no quality.",
    )


def _panel(rows: pd.DataFrame) -> list[Series]:
    columns = (rows[name].tolist() for name in ("label", "mean_latency_s", "mean_tv", "complete"))
    return [
        {"solver": label, "x": compact(latency), "y": compact(tv), "high": compact(tv)}
        | {"front": False, "complete": complete}
        for label, latency, tv, complete in zip(*columns, strict=True)
    ]
