"""Which cells are left to run, by how they ended before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from benchmarks.matrix.cell import Cell
from benchmarks.process.outcome import has_failed
from benchmarks.store.store import Store

Rerun = Literal["failed", "timeouts", "all"]


def unfinished(cells: Sequence[Cell], store: Store, rerun: Rerun | None) -> list[Cell]:
    """The cells without a row, and those whose row says that they are to be run again."""
    endings = _endings(store)
    return [cell for cell in cells if cell.cell_id not in endings or _again(rerun, *endings[cell.cell_id])]


def failed_before(cells: Sequence[Cell], store: Store) -> list[Cell]:
    """The cells that have a row which says that they failed."""
    endings = _endings(store)
    return [cell for cell in cells if cell.cell_id in endings and has_failed(*endings[cell.cell_id])]


def _endings(store: Store) -> dict[str, tuple[str, float | None]]:
    """By its id the status and the cost of every cell that has a row."""
    rows = store.rows("cell_id", "status", "cost")
    endings = zip(*(rows[name] for name in rows.columns), strict=True)
    return {cell_id: (status, cost) for cell_id, status, cost in endings}


def _again(rerun: Rerun | None, status: str, cost: float | None) -> bool:
    match rerun:
        case None:
            return False
        case "all":
            return True
        case "timeouts":
            return status == "timeout"
        case "failed":
            return has_failed(status, cost)
