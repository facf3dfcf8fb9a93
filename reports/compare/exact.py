"""Two stores that should be the same: every cost to the last bit, every status, every cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.process.outcome import LIMITED
from reports.compare.matched_cells import KEY, newest_cells, nothing_in_common


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same."""

    kind: str
    """``cost``, ``status``, or ``missing``: the cell is in one store alone."""
    label: str
    where: str
    """The instance and the repetition."""
    before: float | str | None
    """The cost or the status; None without a cost, or without the cell."""
    after: float | str | None


@dataclass(frozen=True)
class ExactComparison:
    """Two stores, before and after, times left out."""

    matched: int
    only_before: int
    only_after: int
    superseded: int
    """Rows left out, in both stores, because the same cell was run again later by other code."""
    differences: tuple[Difference, ...]
    at_limit: tuple[Difference, ...]
    """Those of cells that a limit ended in either store: what is found by then depends on the machine."""


def compare_exactly(before: pd.DataFrame, after: pd.DataFrame) -> ExactComparison:
    """Match the rows of two stores (``Store.rows(*matched_cells.COLUMNS)``) and name whatever differs, up or down.

    Raises InputError where no cell is in both.
    """
    old, new = newest_cells(before), newest_cells(after)
    cells = old.merge(new, how="outer", on=KEY, suffixes=("_before", "_after"), indicator="found_in")
    both = cells[cells["found_in"] == "both"]
    if both.empty:
        raise nothing_in_common(old, new)
    alone = cells[cells["found_in"] != "both"]
    limited = (both[["status_before", "status_after"]].isin(LIMITED)).any(axis=1)
    return ExactComparison(
        matched=len(both),
        only_before=int((alone["found_in"] == "left_only").sum()),
        only_after=int((alone["found_in"] == "right_only").sum()),
        superseded=len(before) + len(after) - len(old) - len(new),
        differences=(*_missing(alone), *_differences(both[~limited])),
        at_limit=tuple(_differences(both[limited])),
    )


def _missing(alone: pd.DataFrame) -> Iterator[Difference]:
    for row in alone.to_dict("records"):
        statuses = (_known(row["status_before"]), _known(row["status_after"]))
        yield Difference("missing", row["label"], _where(row), *statuses)


def _differences(both: pd.DataFrame) -> Iterator[Difference]:
    costs = _bits(both["cost_before"]) != _bits(both["cost_after"])
    statuses = (both["status_before"] != both["status_after"]).to_numpy()
    for row in both.assign(cost=costs, status=statuses)[costs | statuses].to_dict("records"):
        for kind in ("status", "cost"):
            if row[kind]:
                values = (_known(row[f"{kind}_before"]), _known(row[f"{kind}_after"]))
                yield Difference(kind, row["label"], _where(row), *values)


def _bits(costs: pd.Series) -> np.ndarray:
    """(C,) the costs as whole numbers that are equal where the costs are, to the last bit; all missing ones are."""
    values = costs.to_numpy(dtype=float)
    return np.where(np.isnan(values), np.nan, values).view(np.int64)


def _known(value: Any) -> Any:
    return None if pd.isna(value) else value


def _where(row: dict[Any, Any]) -> str:
    instance = _known(row["instance_before"]) or row["instance_after"]
    return f"{instance}, repetition {row['repetition']}"
