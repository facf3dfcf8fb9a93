"""The ladder: where every solver sits between the cloud alone and hindsight."""

from __future__ import annotations

import pandas as pd

from reports.drawing.compact import compact
from reports.drawing.plot import AxisOf, Plot, Series


def plot(summary: pd.DataFrame) -> Plot:
    """Captured gain, one row a solver, for every scope of the summary."""
    panels = {str(scope): _panel(rows) for scope, rows in summary.groupby("scope", sort=False)}
    return Plot(
        "ladder",
        "The ladder: from the cloud alone to hindsight",
        "Captured gain: the share of what an edge server can gain. 0 % is every request in the cloud, 100 % the"
        " certified optimum in hindsight; below 0 is worse than no edge server. A line is the interval where an optimum"
        " is not certified. Hollow: mean over an incomplete set.",
        "intervals",
        AxisOf("captured gain, %"),
        None,
        panels,
        "No captured gain: it needs a complete answer of the cloud alone (solver none) and a bound on the optimum.",
    )


def _panel(rows: pd.DataFrame) -> list[Series]:
    known = rows[rows["captured_low"].notna()].sort_values(["captured_low", "label"], ascending=[False, True])
    columns = (known[name].tolist() for name in ("label", "captured_low", "captured_high", "complete"))
    return [
        {"solver": label, "x": compact(100 * low), "low": compact(100 * low), "high": compact(100 * high)}
        | {"complete": complete}
        for label, low, high, complete in zip(*columns, strict=True)
    ]
