"""One row a solver: means over the instances of a scope, with how many cells stand behind them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from benchmarks.process.outcome import COMPLETE, STATUSES
from reports.statistics.means import shifted_geometric_mean
from reports.study.cells import present

ALL = "all instances"
"""The scope that holds every family."""

_MEANS = (
    *("gap_low", "gap_high", "captured_low", "captured_high", "stake", "cost", "utility", "mean_latency_s", "mean_tv"),
    *("hit_ratio", "edge_served_ratio", "late_ratio", "loaded_gb"),
    *("latency_cost", "quality_cost", "late_cost", "loading_cost"),
)


def scopes_of(cells: pd.DataFrame, families: Sequence[str]) -> dict[str, pd.DataFrame]:
    """The cells of :data:`ALL` instances, where there are several families, and of each family."""
    scopes = {ALL: cells} if len(families) > 1 else {}
    return scopes | {family: cells[cells["scope"] == family] for family in families}


def summarise(cells: pd.DataFrame, families: Sequence[str]) -> pd.DataFrame:
    """One row for every scope of measured cells and every label, the best first.

    A mean is over instances, each the mean of its solved cells; the captured gain is pooled instead, all
    that was gained over all that there was to gain, so that instances with little to gain do not decide
    it. Solvers that answered every cell of every instance of the scope come first, by mean gap; then the
    others, so that failing on hard instances never pays. Columns: scope, label, solver, tier, exact, cells,
    solved, proved, instances (answered), of_instances (in the scope), complete, captured_instances,
    worst_low, worst_high, time_s, statuses, and the means.
    """
    scopes = scopes_of(cells, families)
    return pd.concat([_scope(name, own) for name, own in scopes.items()], ignore_index=True)


def widest(summary: pd.DataFrame) -> pd.DataFrame:
    """The rows of the scope that holds every instance."""
    rows: pd.DataFrame = summary[summary["scope"] == summary["scope"].iloc[0]]
    return rows


def _scope(name: str, cells: pd.DataFrame) -> pd.DataFrame:
    of_instances = cells["instance_sha256"].nunique()
    by_label = cells.groupby("label", sort=True)
    table = pd.DataFrame(
        {
            "solver": by_label["solver"].first(),
            "tier": by_label["tier"].first().map(present),
            "exact": by_label["exact"].max(),
            "cells": by_label.size(),
            "solved": by_label["solved"].sum(),
            "proved": by_label["certified_here"].sum(),
            "time_s": by_label["time_s"].apply(lambda times: shifted_geometric_mean(times.dropna())),
            "statuses": pd.Series({label: _statuses(group) for label, group in by_label}, dtype=object),
        }
    )
    solved = cells[cells["solved"]]
    per_instance = solved.groupby(["label", "instance_sha256"], sort=True)[list(_MEANS)].mean()
    by_answer = per_instance.groupby("label", sort=True)
    table = table.join(by_answer.mean())
    for column in ("captured_low", "captured_high"):
        gained = (per_instance[column] * per_instance["stake"]).groupby("label", sort=True).sum(min_count=1)
        at_stake = per_instance["stake"].where(per_instance[column].notna()).groupby("label", sort=True).sum()
        table[column] = gained / at_stake
    worst = solved.groupby("label", sort=True)[["gap_low", "gap_high"]].max()
    table = table.join(worst.rename(columns={"gap_low": "worst_low", "gap_high": "worst_high"}))
    table["instances"] = by_answer.size().reindex(table.index, fill_value=0)
    table["captured_instances"] = by_answer["captured_low"].count().reindex(table.index, fill_value=0)
    table["of_instances"] = of_instances
    table["complete"] = (table["solved"] == table["cells"]) & (table["instances"] == of_instances)
    table = table.reset_index().rename(columns={"index": "label"})
    table.insert(0, "scope", name)
    table["_incomplete"] = ~table["complete"]
    table = table.sort_values(["_incomplete", "gap_low", "gap_high", "label"], kind="stable")
    return table.drop(columns="_incomplete")


def _statuses(cells: pd.DataFrame) -> str:
    """How the cells ended that did not simply end well, such as ``2 timeout, 1 crash``."""
    counts = cells.groupby(["status", "solved"]).size()
    words = []
    for status in STATUSES:
        for answered in (True, False):
            number = counts.get((status, answered), 0)
            if number and not (status in COMPLETE and answered):
                words.append(f"{number} {status}" + (" with an answer" if answered else ""))
    return ", ".join(words)
