"""The cells that two stores have in common, and how each of them ended in both."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from benchmarks.process.outcome import is_answer, rank
from problems.io.errors import InputError
from problems.judge import optimality_gap
from reports.compare import paired_times

_LIMITS = ("time_limit_s", "memory_limit_gb", "cpu_limit_s")
COLUMNS = (
    *("cell_id", "matrix", "label", "settings", "instance_sha256", "instance", "repetition", "seed"),
    *(*_LIMITS, "status", "cost", "proved", "started_at", *paired_times.COLUMNS),
)
"""What is asked of a store."""
KEY = ["instance_sha256", "label", "settings", "repetition", "seed", *_LIMITS]
"""What makes two rows the same cell; the code that answered may differ."""
_NUMBERS = ("cost", *paired_times.COLUMNS)


@dataclass(frozen=True, eq=False)
class Matched:
    """The cells in both stores, and how many there are besides."""

    pairs: pd.DataFrame
    """One row a cell: the key, and with ``_before`` and ``_after`` the other columns and ``rank`` (a
    :class:`~benchmarks.process.outcome.Rank` as a number), ``answered`` (bool) and ``gap`` (a fraction, to the lowest
    cost of the instance in either store); and ``change``, of the costs, relative, NaN unless both are answers."""
    only_before: int
    only_after: int
    superseded: int
    """Rows left out, in both stores, because the same cell was run again later by other code."""


def matched(before: pd.DataFrame, after: pd.DataFrame) -> Matched:
    """Match the rows of two stores (``Store.rows(*COLUMNS)``). Raises InputError where no cell is in both."""
    old, new = newest_cells(before), newest_cells(after)
    pairs = old.merge(new, how="inner", on=KEY, suffixes=("_before", "_after"), validate="one_to_one")
    if pairs.empty:
        raise nothing_in_common(old, new)
    return Matched(
        pairs=_measured(pairs, _lowest_costs(old, new)),
        only_before=len(old) - len(pairs),
        only_after=len(new) - len(pairs),
        superseded=len(before) + len(after) - len(old) - len(new),
    )


def nothing_in_common(before: pd.DataFrame, after: pd.DataFrame) -> InputError:
    """What to raise where no cell is in both."""
    words = "instance, solver label, settings, repetition, seed and limits"
    return InputError(f"no cell in common: {len(before)} cells before, {len(after)} after, none with the same {words}")


def side(pairs: pd.DataFrame, which: str) -> pd.DataFrame:
    """The columns of one store, ``before`` or ``after``, by their own names."""
    ending = f"_{which}"
    own = [name for name in map(str, pairs) if name.endswith(ending)]
    return pairs[own].rename(columns={name: name.removesuffix(ending) for name in own})


def newest_cells(rows: pd.DataFrame) -> pd.DataFrame:
    """The newest row of each cell, limits as numbers (infinite for none) so that they can be matched."""
    rows = rows.sort_values(["started_at", "cell_id"], kind="stable")
    for column in _LIMITS:
        rows[column] = pd.to_numeric(rows[column]).astype(float).fillna(math.inf)
    for column in _NUMBERS:
        rows[column] = pd.to_numeric(rows[column]).astype(float)
    rows["proved"] = rows["proved"].astype(bool)
    return rows.drop_duplicates(KEY, keep="last")


def _lowest_costs(*stores: pd.DataFrame) -> dict[str, float]:
    """By instance, the lowest cost of an answer in either store."""
    rows = pd.concat(stores)
    answered = [is_answer(status, cost) for status, cost in zip(rows["status"], rows["cost"], strict=True)]
    return {str(sha): float(cost) for sha, cost in rows[answered].groupby("instance_sha256")["cost"].min().items()}


def _measured(pairs: pd.DataFrame, lowest: dict[str, float]) -> pd.DataFrame:
    for which in ("before", "after"):
        endings = list(zip(pairs[f"status_{which}"], pairs[f"cost_{which}"], strict=True))
        pairs[f"rank_{which}"] = [int(rank(*ending)) for ending in endings]
        pairs[f"answered_{which}"] = [is_answer(*ending) for ending in endings]
        pairs[f"gap_{which}"] = [
            optimality_gap(cost, lowest[sha]) if is_answer(status, cost) else math.nan
            for (status, cost), sha in zip(endings, pairs["instance_sha256"], strict=True)
        ]
    both = pairs["answered_before"] & pairs["answered_after"]
    costs = zip(pairs["cost_after"], pairs["cost_before"], both, strict=True)
    pairs["change"] = [optimality_gap(new, old) if answered else math.nan for new, old, answered in costs]
    return pairs
