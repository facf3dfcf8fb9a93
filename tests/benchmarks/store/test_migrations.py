"""A store of an earlier schema version is read as it is, and brought up to date by whoever writes to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.migrations import STEPS
from benchmarks.store.rejudge import rejudge
from benchmarks.store.row import Row
from benchmarks.store.schema import SCHEMA_VERSION
from benchmarks.store.schema import cells as cells_table
from benchmarks.store.store import Store
from problems.io.errors import InputError
from t2bench.cli.main import main
from tests.benchmarks.older_stores import older_store, version_of
from tests.benchmarks.runs import write_matrix
from tests.benchmarks.stores import rows_of, tampered

OLDER = range(1, SCHEMA_VERSION)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return rows_of(SolverEntry(name="exhaustive"), SolverEntry(name="none"))


@pytest.fixture(params=OLDER, ids=lambda version: f"version {version}")
def older(request: pytest.FixtureRequest, tmp_path: Path, rows: list[Row]) -> Path:
    """A store of an earlier version, with all rows but the last."""
    return older_store(tmp_path / "older.sqlite", request.param, rows[:-1])


CURRENT = str(SCHEMA_VERSION), {column.name for column in cells_table.c}


def test_there_is_a_step_from_every_version() -> None:
    assert sorted(STEPS) == list(OLDER)


def test_who_reads_an_older_store_leaves_it_as_it_is(older: Path, rows: list[Row]) -> None:
    before, (version, present) = older.read_bytes(), version_of(older)
    missing = sorted(CURRENT[1] - present - {"prices"})
    assert version != CURRENT[0]
    with Store.open(older) as store:
        found = store.rows()
        assert set(store.finished()) == {row.cell["cell_id"] for row in rows[:-1]}
        assert found[missing].isna().all().all()
        assert list(store.rows("cost", "stalled_s")["cost"]) == list(found["cost"])
        assert all(found.clean for found in rejudge(store))
    assert older.read_bytes() == before


def test_who_writes_to_it_brings_it_up_to_date_and_loses_nothing(older: Path, rows: list[Row]) -> None:
    with Store.open(older) as store:
        before = store.rows()
    with Store.open(older, create=True) as store:
        pd.testing.assert_frame_equal(store.rows(), before, check_dtype=False)
        store.add(rows[-1])
        after = store.rows()
        assert all(found.clean for found in rejudge(store))
    assert version_of(older) == CURRENT
    assert len(after) == len(rows)
    assert after["primal_dual_integral"].notna().any()


def test_a_run_goes_on_in_an_older_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = SolverEntry(name="none"), SolverEntry(name="lru")
    rows = rows_of(*entries)
    first = older_store(tmp_path / "first.sqlite", 1, rows[:1])
    whole = older_store(tmp_path / "whole.sqlite", 1, rows)
    matrix = write_matrix(tmp_path, solvers=["none", "lru"], trace_seeds=[0, 1], memory_limit_gb=None)
    assert main(["run", str(matrix), "--store", str(first), "--jobs", "1", "--resume"]) == 0
    assert version_of(first) == CURRENT
    assert main(["rejudge", str(first)]) == 0
    assert main(["compare", str(whole), str(first), "--ignore-times"]) == 0
    assert "4 cells in both, 0 only in" in capsys.readouterr().out


def test_two_that_write_at_once_migrate_once(older: Path) -> None:
    def opened(_: int) -> int:
        with Store.open(older, create=True) as store:
            return len(store.finished())

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(opened, range(4)))) == 1
    assert version_of(older) == CURRENT


def test_all_steps_or_none(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError

    before = version_of(older)
    monkeypatch.setitem(STEPS, SCHEMA_VERSION - 1, broken)
    with pytest.raises(RuntimeError):
        Store.open(older, create=True)
    assert version_of(older) == before


def test_cells_of_an_older_store_can_be_taken_over(older: Path, tmp_path: Path, rows: list[Row]) -> None:
    with Store.open(tmp_path / "new.sqlite", create=True) as store, Store.open(older) as source:
        assert store.adopt(source, source.finished()) == len(rows) - 1
        assert store.rows()["learning_curves"].isna().all()


def test_a_newer_store_than_the_code_is_refused(older: Path) -> None:
    tampered(older, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    for create in (False, True):
        with pytest.raises(InputError, match=rf"older\.sqlite: schema version 99; must be 1 to {SCHEMA_VERSION}"):
            Store.open(older, create=create)
