"""Cells on this machine: one row each, the same however many run at once, and little time lost beside them."""

from __future__ import annotations

from pathlib import Path

from benchmarks.engine.local import LocalEngine
from benchmarks.matrix.file import read_matrix
from tests.benchmarks.runs import write_matrix


def test_an_engine_gives_one_row_a_cell_and_the_same_costs_however_many_run_at_once(tmp_path: Path) -> None:
    matrix = read_matrix(write_matrix(tmp_path, solvers=["random+equal", "none+equal"], trace_seeds="0-4"))
    costs = []
    for jobs in (1, 3):
        rows = list(LocalEngine(jobs).run(matrix.cells()))
        assert {row.cell["cell_id"] for row in rows} == {cell.cell_id for cell in matrix.cells()}
        costs.append({row.cell["cell_id"]: row.cell["cost"] for row in rows})
    assert costs[0] == costs[1]


def test_the_overhead_of_a_cell_is_small(tmp_path: Path) -> None:
    """Typically 20 ms; the bound leaves room for a machine that does other things."""
    matrix = read_matrix(write_matrix(tmp_path, solvers=["none+equal"], repetitions=20))
    rows = [row.cell for row in LocalEngine(1).run(matrix.cells())]
    overheads = sorted(row["wall_s"] - row["solve_s"] for row in rows)
    assert overheads[len(overheads) // 2] < 0.25
