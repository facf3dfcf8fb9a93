"""How long cells will take: as earlier ones like them did, else as is typical of them, else at most their limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from benchmarks.estimate.typical_times import Size, TypicalTimes
from benchmarks.machine.micro_solve import micro_solve_s
from benchmarks.matrix.cell import Cell, canonical_json

COLUMNS = ("solver", "settings", "family", "wall_s")
"""Of a store's rows."""

Basis = Literal["store", "table", "limit"]
"""What an estimate rests on: the mean of earlier cells, the table of typical times, or the time limit."""


@dataclass(frozen=True)
class CellEstimate:
    """Seconds that one cell will take."""

    seconds: float | None
    """None for a cell of which nothing is known, without a limit."""
    basis: Basis

    def __str__(self) -> str:
        if self.seconds is None:
            return "no limit"
        return f"{'at most' if self.basis == 'limit' else 'about'} {self.seconds:.3g} s"


def estimates(cells: Sequence[Cell], rows: pd.DataFrame | None, typical: TypicalTimes) -> list[CellEstimate]:
    """One a cell. ``rows`` are those of a store; alike are cells of the same solver, settings and family."""
    means: dict[Any, float] = {}
    if rows is not None:
        means = rows.groupby(["solver", "settings", "family"])["wall_s"].mean().to_dict()
    unit_s = micro_solve_s()
    return [_estimate(cell, means, typical, unit_s) for cell in cells]


def _estimate(cell: Cell, means: dict[Any, float], typical: TypicalTimes, unit_s: float) -> CellEstimate:
    scenario, settings, limit_s = cell.recipe.scenario, canonical_json(cell.settings), cell.time_limit_s
    earlier_s = means.get((cell.solver, settings, str(scenario.family)))
    if earlier_s is not None:
        return CellEstimate(_within(limit_s, float(earlier_s)), "store")
    size = Size(scenario.frames, scenario.slots, scenario.users, len(scenario.models))
    time = typical.of(cell.solver, settings, str(scenario.family), size, scenario.system.couples_budgets)
    if time is None:
        return CellEstimate(limit_s, "limit")
    if time.limited:
        return CellEstimate(limit_s, "limit" if limit_s is None else "table")
    return CellEstimate(_within(limit_s, unit_s * time.units), "table")


def _within(limit_s: float | None, seconds: float) -> float:
    return seconds if limit_s is None else min(seconds, limit_s)


_WORDS: dict[Basis, tuple[str, str]] = {
    "store": ("about", "as earlier cells like them took"),
    "table": ("about", "as cells like them typically take on a machine of this speed"),
    "limit": ("at most", "by their time limits"),
}


def summary(found: Sequence[CellEstimate], jobs: int) -> str:
    """All of them in a line, for so many cells at once."""
    parts, known = [], 0
    for basis, (about, reason) in _WORDS.items():
        seconds = [one.seconds for one in found if one.basis == basis and one.seconds is not None]
        known += len(seconds)
        if seconds:
            parts.append(f"{about} {_duration(sum(seconds) / jobs)} for {len(seconds)} {reason}")
    if known < len(found):
        parts.append(f"{len(found) - known} without a limit or earlier cells like them")
    noun = "cell" if len(found) == 1 else "cells"
    return f"{len(found)} {noun}, {jobs} at once: {'; '.join(parts) or 'nothing to do'}"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
