"""Two stores held against each other, cell by cell: what got better, what got worse, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.row import answered_at_limit, is_answer
from problems.errors import InputError
from problems.judge import optimality_gap
from reports.frame import NOT_TRIED
from reports.paired_times import TimeRatio, time_ratio

TOLERANCE = 1e-5
"""Relative: by how much a cost may rise before that is a regression."""
COLUMNS = (
    *("cell_id", "label", "settings", "instance_sha256", "instance", "repetition", "seed"),
    *("time_limit_s", "memory_limit_gb", "status", "cost", "proved", "solve_s", "started_at"),
)
"""What a comparison asks a store for."""
_KEY = ["instance_sha256", "label", "settings", "repetition", "seed", "time_limit_s", "memory_limit_gb"]
"""What makes two rows the same cell; the code that answered may differ."""
_PROVED, _ANSWERED, _ANSWERED_AT_LIMIT, _BOUND, _NOT_TRIED, _FAILED = 5, 4, 3, 2, 1, 0
"""Endings, the better the higher."""


@dataclass(frozen=True)
class Regression:
    """One thing that got worse beyond what is tolerated."""

    kind: str
    """``cost``, ``status`` or ``time``."""
    label: str
    where: str
    """The instance and the repetition, or how many cells."""
    before: float | str
    after: float | str


@dataclass(frozen=True)
class SolverChange:
    """The matched cells of one solver."""

    label: str
    cells: int
    answered: int
    """Cells with a feasible answer in both stores; gaps and costs are of these."""
    gap_before: float
    """Mean gap to the lowest cost of the instance in either store, a fraction; NaN without answers."""
    gap_after: float
    costs_up: int
    """Cells whose cost rose by more than the tolerance."""
    costs_down: int
    mean_change: float
    """Mean of (after - before) / before over the costs; NaN without answers."""
    greatest_rise: float
    """The largest such change; NaN without answers."""
    statuses_worse: int
    statuses_better: int
    proofs_lost: int
    proofs_won: int
    time: TimeRatio | None
    """Solve times, over cells that ended by themselves with an answer in both stores; None without any."""


@dataclass(frozen=True)
class Comparison:
    """Two stores, before and after."""

    solvers: tuple[SolverChange, ...]
    regressions: tuple[Regression, ...]
    matched: int
    only_before: int
    only_after: int
    superseded: int
    """Rows left out, in both stores, because the same cell was run again later by other code."""


def compare(
    before: pd.DataFrame, after: pd.DataFrame, tolerance: float = TOLERANCE, time_tolerance: float | None = None
) -> Comparison:
    """Match the rows of two stores (``Store.rows(*COLUMNS)``) and compare them.

    A regression is a cost that rose by more than ``tolerance``, an ending that got worse (proved, answered,
    answered at a limit, a bound alone, not tried, failed) and, with ``time_tolerance``, a solver whose
    time ratio exceeds 1 + ``time_tolerance`` with its whole interval and is not noise. Both are fractions.
    Raises InputError where no cell is in both.
    """
    old, new = _keyed(before), _keyed(after)
    pairs = old.merge(new, how="inner", on=_KEY, suffixes=("_before", "_after"), validate="one_to_one")
    if pairs.empty:
        raise InputError(f"no cell in common: {len(old)} cells before, {len(new)} after, none with the same {_words()}")
    pairs = _measured(pairs, _lowest_costs(old, new))
    changes = [
        _change(str(label), group, tolerance) for label, group in pairs.groupby("label", sort=False, observed=True)
    ]
    regressions = list(_cell_regressions(pairs, tolerance))
    if time_tolerance is not None:
        regressions += _time_regressions(changes, time_tolerance)
    return Comparison(
        solvers=tuple(changes),
        regressions=tuple(regressions),
        matched=len(pairs),
        only_before=len(old) - len(pairs),
        only_after=len(new) - len(pairs),
        superseded=len(before) + len(after) - len(old) - len(new),
    )


def _words() -> str:
    return "instance, solver label, settings, repetition, seed and limits"


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    """The newest row of each cell, limits as numbers (infinite for none) so that they can be matched."""
    rows = rows.sort_values(["started_at", "cell_id"], kind="stable")
    for column in ("time_limit_s", "memory_limit_gb"):
        rows[column] = pd.to_numeric(rows[column]).astype(float).fillna(math.inf)
    for column in ("cost", "solve_s"):
        rows[column] = pd.to_numeric(rows[column]).astype(float)
    rows["proved"] = rows["proved"].astype(bool)
    return rows.drop_duplicates(_KEY, keep="last")


def _lowest_costs(*stores: pd.DataFrame) -> dict[str, float]:
    """By instance, the lowest cost of an answer in either store."""
    rows = pd.concat(stores)
    answered = [is_answer(status, cost) for status, cost in zip(rows["status"], rows["cost"], strict=True)]
    return {str(sha): float(cost) for sha, cost in rows[answered].groupby("instance_sha256")["cost"].min().items()}


def _measured(pairs: pd.DataFrame, lowest: dict[str, float]) -> pd.DataFrame:
    for side in ("before", "after"):
        endings = list(zip(pairs[f"status_{side}"], pairs[f"cost_{side}"], strict=True))
        pairs[f"rank_{side}"] = [_rank(*ending) for ending in endings]
        pairs[f"answered_{side}"] = [is_answer(*ending) for ending in endings]
        pairs[f"gap_{side}"] = [
            optimality_gap(cost, lowest[sha]) if is_answer(status, cost) else math.nan
            for (status, cost), sha in zip(endings, pairs["instance_sha256"], strict=True)
        ]
    pairs["answered"] = pairs["answered_before"] & pairs["answered_after"]
    costs = zip(pairs["cost_after"], pairs["cost_before"], pairs["answered"], strict=True)
    pairs["change"] = [optimality_gap(new, old) if both else math.nan for new, old, both in costs]
    return pairs


def _rank(status: str, cost: float) -> int:
    if status in ("optimal", "feasible"):
        return _PROVED if status == "optimal" else _ANSWERED
    if answered_at_limit(status, cost):
        return _ANSWERED_AT_LIMIT
    return _BOUND if status == "bound-only" else _NOT_TRIED if status in NOT_TRIED else _FAILED


def _change(label: str, pairs: pd.DataFrame, tolerance: float) -> SolverChange:
    both, step = pairs[pairs["answered"]], pairs["rank_after"] - pairs["rank_before"]
    return SolverChange(
        label=label,
        cells=len(pairs),
        answered=len(both),
        gap_before=float(both["gap_before"].mean()),
        gap_after=float(both["gap_after"].mean()),
        costs_up=int((both["change"] > tolerance).sum()),
        costs_down=int((both["change"] < -tolerance).sum()),
        mean_change=float(both["change"].mean()),
        greatest_rise=float(both["change"].max()),
        statuses_worse=int((step < 0).sum()),
        statuses_better=int((step > 0).sum()),
        proofs_lost=int((pairs["proved_before"] & ~pairs["proved_after"]).sum()),
        proofs_won=int((~pairs["proved_before"] & pairs["proved_after"]).sum()),
        time=_time(pairs),
    )


def _time(pairs: pd.DataFrame) -> TimeRatio | None:
    by_itself = (pairs[["rank_before", "rank_after"]] >= _ANSWERED).all(axis=1)
    timed = pairs[by_itself & pairs[["solve_s_before", "solve_s_after"]].notna().all(axis=1)]
    if timed.empty:
        return None
    columns = (timed[name] for name in ("solve_s_before", "solve_s_after", "instance_sha256"))
    return time_ratio(*(column.to_numpy() for column in columns))


def _cell_regressions(pairs: pd.DataFrame, tolerance: float) -> Iterator[Regression]:
    worse = (pairs["rank_after"] < pairs["rank_before"]) | (pairs["change"] > tolerance)
    for row in pairs[worse].to_dict("records"):
        where = f"{row['instance_before']}, repetition {row['repetition']}"
        if row["rank_after"] < row["rank_before"]:
            yield Regression("status", row["label"], where, _ending(row, "before"), _ending(row, "after"))
        if row["change"] > tolerance:
            yield Regression("cost", row["label"], where, row["cost_before"], row["cost_after"])


def _ending(row: dict[Any, Any], side: str) -> str:
    status = str(row[f"status_{side}"])
    return f"{status} with an answer" if row[f"rank_{side}"] == _ANSWERED_AT_LIMIT else status


def _time_regressions(changes: list[SolverChange], tolerance: float) -> Iterator[Regression]:
    for change in changes:
        time = change.time
        if time is not None and not time.noisy and np.isfinite(time.low) and time.low > 1 + tolerance:
            yield Regression("time", change.label, f"{time.pairs} cells", 1.0, time.ratio)
