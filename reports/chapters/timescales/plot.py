"""The gap of every solver, split into what its caches and what its allocation lose."""

from __future__ import annotations

import pandas as pd

from reports.drawing.compact import compact
from reports.drawing.plot import AxisOf, Plot, Series
from reports.study.summary import ALL
from reports.writing.numbers import counted

PARTS = ("caching", "allocation")


def plot(losses: pd.DataFrame) -> Plot:
    """Stacked bars of the mean :func:`reports.chapters.timescales.measure.losses`, for all instances and each scope."""
    scopes = list(dict.fromkeys(losses["scope"]))
    panels = {ALL: _panel(losses)} if len(scopes) > 1 else {}
    panels |= {scope: _panel(losses[losses["scope"] == scope]) for scope in scopes}
    return Plot(
        "timescales",
        "Split of the gap by timescale",
        "Caching (long timescale): how far the solver's caches stay above the optimum under the best allocation."
        " Allocation (short timescale): what its own bandwidth and steps cost beyond that. Means over the first answers"
        f" on {counted(losses['instance_sha256'].nunique(), 'instance')} with a certified optimum and without a priced"
        " deadline.",
        "bars",
        AxisOf("mean gap, %"),
        None,
        panels,
        "No split: it needs stored solutions on instances with a certified optimum and without a priced deadline.",
        parts=PARTS,
    )


def _panel(losses: pd.DataFrame) -> list[Series]:
    most = losses["instance_sha256"].nunique()
    by_label = losses.groupby("label")
    means = by_label[list(PARTS)].mean()
    means["complete"] = by_label["instance_sha256"].nunique() == most
    means["gap"] = means["caching"] + means["allocation"]
    ordered = means.reset_index().sort_values(["gap", "label"])
    columns = (ordered[name].tolist() for name in ("label", *PARTS, "complete"))
    return [
        {"solver": label, "parts": [compact(100 * caching), compact(100 * allocation)], "complete": complete}
        for label, caching, allocation, complete in zip(*columns, strict=True)
    ]
