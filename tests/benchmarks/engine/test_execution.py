"""A cell has a row whatever happens to it, and to us."""

from __future__ import annotations

import pytest

from benchmarks.engine import execution
from benchmarks.engine.execution import execute, lost_row
from benchmarks.matrix.cell import Cell
from benchmarks.matrix.matrix import Matrix, SolverEntry
from benchmarks.process.watch import Stopped


@pytest.fixture
def cell() -> Cell:
    solvers = (SolverEntry(name="none+equal"),)
    families = ("tiny",)
    matrix = Matrix(format="t2bench-matrix", version=1, name="trial", solvers=solvers, families=families)  # type: ignore[arg-type]
    return matrix.cells()[0]


def raising(error: Exception) -> object:
    def raises(*_: object) -> None:
        raise error

    return raises


def test_a_row_is_what_was_asked_and_what_came_of_it(cell: Cell) -> None:
    row = execute(cell)
    assert (row.status, row.failed, row.traceback) == ("feasible", False, None)
    assert row.cell["cell_id"] == cell.cell_id
    assert row.cell["wall_s"] > row.cell["solve_s"] > 0


def test_a_lost_cell_is_an_error_with_its_reason(cell: Cell) -> None:
    row = lost_row(cell, "its worker died")
    assert (row.status, row.cell["error"], row.failed) == ("error", "its worker died", True)
    assert row.cell.keys() == execute(cell).cell.keys()


@pytest.mark.parametrize("place", ["run_cell", "row_of"])
def test_a_mistake_of_ours_is_a_row_too(cell: Cell, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    original, failures = getattr(execution, place), [KeyError("lost")]

    def fails_once(*arguments: object) -> object:
        if failures:
            raise failures.pop()
        return original(*arguments)

    monkeypatch.setattr(execution, place, fails_once)
    row = execute(cell)
    assert (row.status, row.cell["error"]) == ("error", "t2bench itself failed: KeyError: 'lost'")


def test_a_cell_that_is_called_off_has_none(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "run_cell", raising(Stopped()))
    with pytest.raises(Stopped):
        execute(cell)
