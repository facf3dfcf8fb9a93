"""Two stores held against each other, cell by cell: what got better, what got worse, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.process.outcome import Rank
from reports.compare.matched_cells import matched, side
from reports.compare.paired_times import TimeRatio, time_ratio, undisturbed_s
from reports.statistics.signed_ranks import Shift, shift

TOLERANCE = 1e-5
"""Relative: by how much a cost may rise before that is a regression."""
TIME_TOLERANCE = 0.15
"""Relative: by how much a solver's times may rise. The whole interval must be above it."""
NEAR_LIMIT = 1 / 3
"""A cell that took this share of its time limit may be at the limit next time, on a machine as busy as that."""


@dataclass(frozen=True)
class Regression:
    """One thing that got worse beyond what is tolerated."""

    kind: str
    """``cost`` or ``status`` of a cell; ``costs`` at limits or ``time`` of a solver, where ``before`` is 1; or
    ``missing``, a solver, with how many rows either store has of its label."""
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
    """Of solve times, over the cells whose times tell something; None without any."""
    at_limit: Shift | None
    """The change of the costs, a fraction, where a limit ended a cell in either store; None without any."""


@dataclass(frozen=True)
class Missing:
    """A solver none of whose cells is in both stores, though other cells of its matrix are in the later one."""

    label: str
    rows_before: int
    rows_after: int
    """Those of its label: other settings, seeds, limits or instances."""


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
    excused: int
    """Cells that a time limit ended, and that were near it before: they are no regressions by themselves."""
    missing: tuple[Missing, ...] = ()
    """See :func:`with_missing`."""


def compare(
    before: pd.DataFrame,
    after: pd.DataFrame,
    tolerance: float = TOLERANCE,
    time_tolerance: float | None = TIME_TOLERANCE,
) -> Comparison:
    """Match the rows of two stores (``Store.rows(*matched_cells.COLUMNS)``) and compare them; tolerances are fractions.

    A regression is a cost that rose by more than ``tolerance``; an ending that got worse (proved, answered,
    answered at a limit, a bound alone, not tried, failed), unless the time limit was near before; and a solver
    whose time ratio exceeds 1 + ``time_tolerance`` with its whole interval and is not noise (None: times
    decide nothing). What is found by the time of a limit depends on the machine: where one ended a
    cell, costs count for the solver as a whole, if the interval of their change is above ``tolerance``.
    Raises InputError where no cell is in both.
    """
    found = matched(before, after)
    pairs = found.pairs.assign(excused=_near_limit(found.pairs))
    groups = {str(label): group for label, group in pairs.groupby("label", sort=False, observed=True)}
    changes = [_change(label, group, tolerance) for label, group in groups.items()]
    regressions = [*_cell_regressions(pairs, tolerance), *_limited_regressions(changes, groups, tolerance)]
    if time_tolerance is not None:
        regressions += _time_regressions(changes, time_tolerance)
    return Comparison(
        solvers=tuple(changes),
        regressions=tuple(regressions),
        matched=len(pairs),
        only_before=found.only_before,
        only_after=found.only_after,
        superseded=found.superseded,
        excused=int(pairs["excused"].sum()),
    )


def with_missing(found: Comparison, before: pd.DataFrame, after: pd.DataFrame, decides: bool = True) -> Comparison:
    """The comparison with the solvers that are missing, each a regression if that ``decides``.

    ``before`` and ``after`` are the rows that were compared.
    """
    compared = {change.label for change in found.solvers}
    asked = before[before["matrix"].isin(after["matrix"]) & ~before["label"].isin(compared)]
    counts, again = asked["label"].value_counts(sort=False), after["label"].value_counts()
    missing = tuple(Missing(str(label), int(rows), int(again.get(label, 0))) for label, rows in counts.items())
    worse = [Regression("missing", one.label, "all its cells", one.rows_before, one.rows_after) for one in missing]
    return replace(found, missing=missing, regressions=(*found.regressions, *(worse if decides else ())))


def _near_limit(pairs: pd.DataFrame) -> pd.Series:
    """Cells that got worse by ending at a time limit that they were near before."""
    worse = pairs["rank_after"] < pairs["rank_before"]
    near = pairs["solve_s_before"] >= NEAR_LIMIT * pairs["time_limit_s"]
    return worse & near & (pairs["status_after"] == "timeout")


def _limited(pairs: pd.DataFrame) -> pd.Series:
    """Cells with two answers, one of which or both are what was found by the time of a limit."""
    ranks = pairs[["rank_before", "rank_after"]]
    return pairs["change"].notna() & (ranks == Rank.ANSWERED_AT_LIMIT).any(axis=1)


def _change(label: str, pairs: pd.DataFrame, tolerance: float) -> SolverChange:
    both, step = pairs[pairs["change"].notna()], pairs["rank_after"] - pairs["rank_before"]
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
        at_limit=_at_limit(pairs[_limited(pairs)]),
    )


def _time(pairs: pd.DataFrame) -> TimeRatio | None:
    """Over the cells that ended by themselves with an answer; at a time limit in one store, where that says enough.

    A cell that had used more processor time by its limit than the other needed altogether is slower, if by more than
    is known.
    """
    sides = side(pairs, "before"), side(pairs, "after")
    times = dict(zip(("before", "after"), undisturbed_s(*sides), strict=True))
    ended = {which: pairs[f"rank_{which}"].to_numpy() >= Rank.ANSWERED for which in times}
    stopped = {which: (pairs[f"status_{which}"] == "timeout").to_numpy() & ~ended[which] for which in times}
    with np.errstate(invalid="ignore"):
        slower = ended["before"] & stopped["after"] & (times["after"] > times["before"])
        faster = stopped["before"] & ended["after"] & (times["before"] > times["after"])
    known = ~np.isnan(times["before"]) & ~np.isnan(times["after"])
    timed = pairs[known & ((ended["before"] & ended["after"]) | slower | faster)]
    if timed.empty:
        return None
    return time_ratio(side(timed, "before"), side(timed, "after"), timed["instance_sha256"].to_numpy())


def _at_limit(limited: pd.DataFrame) -> Shift | None:
    if limited.empty:
        return None
    return shift(limited.groupby("instance_sha256")["change"].mean().to_numpy())


def _cell_regressions(pairs: pd.DataFrame, tolerance: float) -> Iterator[Regression]:
    ended_worse = (pairs["rank_after"] < pairs["rank_before"]) & ~pairs["excused"]
    dearer = (pairs["change"] > tolerance) & ~_limited(pairs)
    for row in pairs.assign(ended_worse=ended_worse, dearer=dearer)[ended_worse | dearer].to_dict("records"):
        where = f"{row['instance_before']}, repetition {row['repetition']}"
        if row["ended_worse"]:
            yield Regression("status", row["label"], where, _ending(row, "before"), _ending(row, "after"))
        if row["dearer"]:
            yield Regression("cost", row["label"], where, row["cost_before"], row["cost_after"])


def _ending(row: dict[Any, Any], which: str) -> str:
    status = str(row[f"status_{which}"])
    return f"{status} with an answer" if row[f"rank_{which}"] == Rank.ANSWERED_AT_LIMIT else status


def _limited_regressions(
    changes: list[SolverChange], groups: dict[str, pd.DataFrame], tolerance: float
) -> Iterator[Regression]:
    for change in changes:
        if change.at_limit is not None and change.at_limit.low > tolerance:
            cells = int(_limited(groups[change.label]).sum())
            yield Regression("costs", change.label, f"{cells} cells at a limit", 1.0, 1 + change.at_limit.estimate)


def _time_regressions(changes: list[SolverChange], tolerance: float) -> Iterator[Regression]:
    for change in changes:
        time = change.time
        if time is not None and not time.noisy and math.isfinite(time.low) and time.low > 1 + tolerance:
            yield Regression("time", change.label, f"{time.pairs} cells", 1.0, time.ratio)
