"""One cell run on this machine: from the cell to its row, whatever happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.machine.provenance import load
from benchmarks.matrix.cell import Cell
from benchmarks.process.conclusion import lost
from benchmarks.process.outcome import Outcome
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell
from benchmarks.process.watch import Stopped
from benchmarks.store.row import Row, row_of


def execute(cell: Cell, stop: threading.Event | None = None) -> Row:
    """Run a cell here and now. Raises watch.Stopped once ``stop`` is set; else there is a row whatever happens."""
    return _timed(cell, lambda: run_cell(_request(cell), stop))


def lost_row(cell: Cell, reason: str) -> Row:
    """The row of a cell that was started elsewhere and never came back."""
    return _timed(cell, lambda: lost(cell.recipe.instance(), cell.solver, reason))


def _request(cell: Cell) -> Request:
    return Request(
        instance=cell.recipe.instance(),
        solver=cell.solver,
        settings=cell.settings,
        seed=cell.seed,
        time_limit_s=cell.time_limit_s,
        memory_limit_gb=cell.memory_limit_gb,
        cpu_limit_s=cell.cpu_limit_s,
    )


def _timed(cell: Cell, outcome_of: Callable[[], Outcome]) -> Row:
    """The row of what comes out, with the time that it took; a mistake of ours does not end the run either."""
    started_at, began = datetime.now(UTC).isoformat(timespec="milliseconds"), time.monotonic()
    load_before = load()
    try:
        outcome = outcome_of()
    except Stopped:
        raise
    except Exception as error:
        outcome = _failure(cell, error)
    times = {"wall_s": time.monotonic() - began, "started_at": started_at}
    times |= {"load_before": load_before, "load_after": load()}
    try:
        return row_of(cell, outcome, times)
    except Exception as error:
        return row_of(cell, _failure(cell, error), times)


def _failure(cell: Cell, error: Exception) -> Outcome:
    return lost(cell.recipe.instance(), cell.solver, f"t2bench itself failed: {type(error).__name__}: {error}")
