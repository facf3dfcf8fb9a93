"""How long cells will take: as earlier ones like them did, else at most their time limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from benchmarks.matrix.cell import Cell, canonical_json

COLUMNS = ("solver", "settings", "family", "wall_s")
"""Of a store's rows."""


@dataclass(frozen=True)
class CellEstimate:
    """Seconds that one cell will take."""

    seconds: float | None
    """The mean of earlier cells, or the time limit; None for a cell without either."""
    measured: bool
    """Whether earlier cells say so."""

    def __str__(self) -> str:
        if self.seconds is None:
            return "no limit"
        return f"{'about' if self.measured else 'at most'} {self.seconds:.3g} s"


def estimates(cells: Sequence[Cell], rows: pd.DataFrame | None) -> list[CellEstimate]:
    """One a cell. ``rows`` are those of a store; alike are cells of the same solver, settings and family."""
    means = {} if rows is None else rows.groupby(["solver", "settings", "family"])["wall_s"].mean().to_dict()
    found = []
    for cell in cells:
        mean = means.get((cell.solver, canonical_json(cell.settings), cell.recipe.scenario.family))
        limit = cell.time_limit_s
        if mean is None:
            found.append(CellEstimate(limit, False))
        else:
            found.append(CellEstimate(float(mean if limit is None else min(mean, limit)), True))
    return found


def told(found: Sequence[CellEstimate], jobs: int) -> str:
    """All of them in a line, for so many cells at once."""
    before = [one.seconds for one in found if one.measured and one.seconds is not None]
    limits = [one.seconds for one in found if not one.measured and one.seconds is not None]
    parts = []
    if before:
        parts.append(f"about {_duration(sum(before) / jobs)} for {len(before)} as earlier cells like them took")
    if limits:
        parts.append(f"at most {_duration(sum(limits) / jobs)} for {len(limits)} by their time limits")
    if len(before) + len(limits) < len(found):
        parts.append(f"{len(found) - len(before) - len(limits)} without a limit or earlier cells like them")
    noun = "cell" if len(found) == 1 else "cells"
    return f"{len(found)} {noun}, {jobs} at once: {'; '.join(parts) or 'nothing to do'}"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
