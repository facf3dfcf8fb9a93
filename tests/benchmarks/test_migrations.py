"""A store of an earlier schema version is read as it is, and brought up to date by whoever writes to it."""

from __future__ import annotations

import contextlib
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.matrix import SolverEntry
from benchmarks.migrations import STEPS
from benchmarks.rejudge import rejudge
from benchmarks.row import Row
from benchmarks.schema import SCHEMA_VERSION
from benchmarks.schema import cells as cells_table
from benchmarks.store import Store
from tests.benchmarks.stores import filled, rows_of

SINCE_2 = (
    *("primal_dual_integral", "agent_sha256", "training_cpu_s", "environment_steps", "updates", "training_whole"),
    *("training_traces", "training_spent_s", "threads", "load_before", "load_after", "micro_solve_s"),
)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return rows_of(SolverEntry(name="exhaustive"), SolverEntry(name="none"))


@pytest.fixture
def first(tmp_path: Path, rows: list[Row]) -> Path:
    """A store as version 1 made it, with all rows but the last."""
    path = filled(tmp_path / "first.sqlite", rows[:-1])
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for name in SINCE_2:
            connection.execute(f"ALTER TABLE cells DROP COLUMN {name}")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    return path


def version_of(path: Path) -> tuple[str, set[str]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchone()
        return version, {row[1] for row in connection.execute("PRAGMA table_info(cells)")}


def test_there_is_a_step_from_every_version() -> None:
    assert sorted(STEPS) == list(range(1, SCHEMA_VERSION))


def test_who_reads_an_older_store_leaves_it_as_it_is(first: Path, rows: list[Row]) -> None:
    before = first.read_bytes()
    with Store.open(first) as store:
        found = store.rows()
        assert set(store.finished()) == {row.cell["cell_id"] for row in rows[:-1]}
        assert found[list(SINCE_2)].isna().all().all()
        assert list(store.rows("cost", "micro_solve_s")["cost"]) == list(found["cost"])
        assert all(found.clean for found in rejudge(store))
    assert first.read_bytes() == before


def test_who_writes_to_it_brings_it_up_to_date_and_loses_nothing(first: Path, rows: list[Row]) -> None:
    with Store.open(first) as store:
        before = store.rows()
    with Store.open(first, create=True) as store:
        pd.testing.assert_frame_equal(store.rows(), before)
        store.add(rows[-1])
        after = store.rows()
    assert version_of(first) == (str(SCHEMA_VERSION), {column.name for column in cells_table.c})
    assert len(after) == len(rows)
    assert after["micro_solve_s"].notna().sum() == 1


def test_two_that_write_at_once_migrate_once(first: Path) -> None:
    def opened(_: int) -> int:
        with Store.open(first, create=True) as store:
            return len(store.finished())

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(opened, range(4)))) == 1
    assert version_of(first)[0] == str(SCHEMA_VERSION)


def test_cells_of_an_older_store_can_be_taken_over(first: Path, tmp_path: Path, rows: list[Row]) -> None:
    with Store.open(tmp_path / "new.sqlite", create=True) as store, Store.open(first) as source:
        assert store.adopt(source, source.finished()) == len(rows) - 1
        assert store.rows()["threads"].isna().all()
