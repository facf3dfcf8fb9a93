"""Small real stores, and ways to damage them."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.engine.execution import execute
from benchmarks.matrix.matrix import Matrix, SolverEntry
from benchmarks.store.row import Row
from benchmarks.store.store import Store


def rows_of(*solvers: SolverEntry, **fields: Any) -> list[Row]:
    """The rows of a matrix of two tiny instances."""
    asked = {"families": ("tiny",), "trace_seeds": (0, 1), "memory_limit_gb": None, **fields}
    matrix = Matrix(format="t2bench-matrix", version=1, name="trial", solvers=solvers, **asked)
    return [execute(cell) for cell in matrix.cells()]


def filled(path: Path, rows: Iterable[Row]) -> Path:
    """A store of these rows."""
    with Store.open(path, create=True) as store:
        for row in rows:
            store.add(row)
    return path


def changed(row: Row, **columns: Any) -> Row:
    """The row with other values in these columns."""
    return Row({**row.cell, **columns}, row.recipe)


def tampered(path: Path, statement: str, *values: Any) -> Path:
    """The store after an SQL statement that changes something."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0
    return path
