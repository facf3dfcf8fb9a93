"""The rows of a store as tidy cells: types, order, and how each of them ended."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from benchmarks.process.outcome import NOT_TRIED, is_answer
from problems.families.changes import UNCHANGED, Changes, split_changes
from problems.families.drawn import FAMILIES
from problems.families.sizes import split

NUMBERS = (
    *("cost", "utility", "mean_latency_s", "mean_tv", "hit_ratio", "edge_served_ratio", "late_ratio", "loaded_gb"),
    *("latency_cost", "quality_cost", "late_cost", "loading_cost", "lower_bound"),
    *("solve_s", "cpu_s", "wall_s", "peak_memory_gb", "time_limit_s", "memory_limit_gb", "cpu_limit_s"),
    *("training_cpu_s", "environment_steps", "updates", "training_spent_s", "load_before", "stalled_s"),
)
COLUMNS = (
    *("cell_id", "matrix", "label", "solver", "settings", "repetition", "seed", "tier", "exact", "status"),
    *("instance", "instance_sha256", "family", "scenario_seed", "trace_seed", "frames", "slots", "users", "models"),
    *NUMBERS,
    *("active_requests", "error", "stderr_tail", "violations", "events", "command", "agent_sha256", "training_whole"),
    "learning_curves",
    *("started_at", "processor", "cores", "python", "t2bench_version", "libraries", "threads", "git_revision"),
)
"""What a report asks a store for."""
NO_FAMILY = "no family"
"""Stands for the family of instances that name none."""
BEST_ONLINE = "online-optimal"
"""The best online policy, which learners are measured against."""
BEST_ONLINE_SOLVERS = (BEST_ONLINE, f"{BEST_ONLINE}+exact")
"""The solvers that it is, with the exact allocation."""
_ORDER = ["family", "scenario_seed", "trace_seed", "instance", "label", "repetition", "seed", "matrix", "cell_id"]


def tidy(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows (:data:`COLUMNS`) in the order of families and seeds, whatever their order was.

    With ``scope`` (the family, its other sizes as one and its changes as one), ``solved`` (it has a feasible answer),
    ``outcome`` (``solved``, ``failed``, ``bound-only`` or ``not-tried``) and ``time_s``: of the solve; the time limit
    where the cell failed; NaN where it was not tried.
    """
    cells = rows.copy()
    for column in NUMBERS:
        cells[column] = pd.to_numeric(cells[column], errors="coerce").astype(float)
    cells["exact"] = cells["exact"].eq(True).astype(bool)
    cells["family"] = cells["family"].map(lambda family: present(family) or NO_FAMILY)
    for column in ("scenario_seed", "trace_seed"):
        cells[column] = cells[column].astype("Int64")
    order = {family: place for place, family in enumerate(sort_families(cells["family"].unique()))}
    cells = cells.sort_values(_ORDER, key=lambda c: c.map(order) if c.name == "family" else c, kind="stable")
    cells = cells.reset_index(drop=True)
    cells["scope"] = cells["family"].map({family: _scope(family) for family in order})

    cells["solved"] = [is_answer(status, cost) for status, cost in zip(cells["status"], cells["cost"], strict=True)]
    cells["outcome"] = np.select(
        [cells["solved"], cells["status"].isin(NOT_TRIED), cells["status"] == "bound-only"],
        ["solved", "not-tried", "bound-only"],
        default="failed",
    )
    times = cells["solve_s"].fillna(cells["wall_s"])
    times = times.where(cells["outcome"] != "failed", cells["time_limit_s"])
    cells["time_s"] = times.where(cells["outcome"] != "not-tried")
    return cells


def sort_families(families: Iterable[str]) -> list[str]:
    """The named families in the contract's order, each before its other sizes and those before its changes.

    Then all others by name.
    """
    named = list(FAMILIES)

    def place(family: str) -> tuple[int, str, bool, tuple[int, ...], Changes]:
        unchanged, changes = split_changes(family)
        own, sizes = split(unchanged)
        return named.index(own) if own in named else len(named), own, changes != UNCHANGED, sizes or (), changes

    return sorted(families, key=place)


def _scope(family: str) -> str:
    unchanged, changes = split_changes(family)
    own, sizes = split(unchanged)
    if changes != UNCHANGED:
        return f"{own} with changes"
    return own if sizes is None else f"{own} in other sizes"


def present(value: object) -> str:
    """A cell's text; empty where it is missing."""
    return "" if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)) else str(value)
