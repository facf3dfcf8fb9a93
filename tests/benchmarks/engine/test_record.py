"""Rows go into the store as they come, in the place of those that their cells had; what is called off has none."""

from __future__ import annotations

from pathlib import Path

from benchmarks.engine.local import LocalEngine
from benchmarks.engine.record import recorded
from benchmarks.matrix.file import read_matrix
from benchmarks.store.store import Store
from tests.benchmarks.runs import write_matrix


def test_each_row_is_stored_before_it_is_given_and_replaces_the_one_before(tmp_path: Path) -> None:
    cells = read_matrix(write_matrix(tmp_path, solvers=["none+equal"], trace_seeds="0-2")).cells()
    with Store.open(tmp_path / "trial.sqlite", create=True) as store:
        rows = recorded(LocalEngine(1), cells, store)
        assert next(rows).cell["cell_id"] in store.finished()
        rows.close()
        assert len(store.finished()) == 1
        assert len(list(recorded(LocalEngine(1), cells, store))) == 3
        assert store.finished() == {cell.cell_id for cell in cells}
        assert len(store.rows()) == 3
