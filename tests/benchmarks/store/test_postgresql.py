"""A store in a real PostgreSQL server: what SQLite keeps, bit for bit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.database import connect, display_name
from benchmarks.store.merge import merge
from benchmarks.store.rejudge import rejudge
from benchmarks.store.row import Row
from benchmarks.store.schema import SCHEMA_VERSION
from benchmarks.store.schema import cells as cells_table
from benchmarks.store.store import Store
from problems.io.errors import InputError
from tests.benchmarks.older_stores import older_store, version_of
from tests.benchmarks.postgresql import PostgreSql, postgresql
from tests.benchmarks.runs import finish, start, write_matrix
from tests.benchmarks.stores import changed, filled, rows_of
from tests.places import HOSTILE


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSql]:
    with postgresql() as server:
        yield server


@pytest.fixture
def url(server: PostgreSql) -> str:
    return server.database()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Two instances by an optimum with its proof, a crash, NaN, an odd text and one that was skipped."""
    names = ("Exits", "ReturnsNan", "Mumbles", "Refuses")
    return rows_of(SolverEntry(name="branch-and-bound"), *(SolverEntry(name=f"{HOSTILE}:{name}") for name in names))


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal bit for bit, or both missing."""
    return bool(one == other or (pd.isna(one) and pd.isna(other)))


def test_it_keeps_what_sqlite_keeps(url: str, rows: list[Row], tmp_path: Path) -> None:
    filled(tmp_path / "s.sqlite", rows)
    filled(url, rows)
    with Store.open(tmp_path / "s.sqlite") as here, Store.open(url) as there:
        ours, theirs = list(here.records()), list(there.records())
        assert [record.keys() for record in ours] == [record.keys() for record in theirs]
        for one, other in zip(ours, theirs, strict=True):
            assert not [name for name in one if not same(one[name], other[name])]
        for row in rows:
            sha256 = row.cell["instance_sha256"]
            assert there.instance(sha256).sha256 == here.instance(sha256).sha256 == sha256
        frame = there.rows()
        assert set(frame["cell_id"]) == there.finished() == {row.cell["cell_id"] for row in rows}
        assert all(same(a, b) for a, b in zip(frame["cost"], here.rows()["cost"], strict=True))
        assert any(str(error).startswith("ValueError: mumble ? (") for error in frame["error"])


def test_a_row_is_replaced_and_the_first_of_two_stays(url: str, rows: list[Row]) -> None:
    filled(url, rows)
    with Store.open(url, create=True) as store:
        store.add(changed(rows[0], status="memory"))
        assert "memory" not in set(store.rows()["status"])
        store.replace(changed(rows[0], status="memory"))
        assert list(store.rows()["status"]).count("memory") == 1
        assert len(store.rows()) == len(rows)


def test_many_may_make_and_write_one_store_at_once(url: str, rows: list[Row]) -> None:
    def write(mine: list[Row]) -> None:
        filled(url, mine)

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, (rows, rows[::-1], rows[::2], rows[1::2])))
    with Store.open(url) as store:
        assert store.finished() == {row.cell["cell_id"] for row in rows}


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_an_older_store_is_brought_up_to_date_and_loses_nothing(url: str, rows: list[Row], version: int) -> None:
    older_store(url, version, rows[:-1])
    with Store.open(url) as store:
        before = store.rows()
    assert version_of(url)[0] == str(version)
    with Store.open(url, create=True) as store:
        pd.testing.assert_frame_equal(store.rows(), before, check_dtype=False)
        store.add(changed(rows[-1], seed=2**40))
        assert all(found.clean for found in rejudge(store))
        assert store.rows("seed")["seed"].max() == 2**40
    assert version_of(url) == (str(SCHEMA_VERSION), set(cells_table.c.keys()))


def test_seeds_may_be_as_large_as_a_matrix_says(url: str) -> None:
    (row,) = rows_of(SolverEntry(name="none"), trace_seeds=(2**62,), scenario_seeds=(2**40,), seed=2**62)
    filled(url, [row])
    with Store.open(url) as store:
        found = store.rows("seed", "scenario_seed", "trace_seed").iloc[0].tolist()
    assert found == [2**62, 2**40, 2**62]


def test_stores_merge_both_ways_and_are_judged_again(url: str, rows: list[Row], tmp_path: Path) -> None:
    filled(tmp_path / "s.sqlite", rows[: len(rows) // 2])
    filled(url, rows[len(rows) // 2 :])
    with Store.open(tmp_path / "s.sqlite", create=True) as here, Store.open(url, create=True) as there:
        assert merge(there, here).added == len(rows) // 2
        assert merge(here, there).added == len(rows) - len(rows) // 2
        assert here.finished() == there.finished() == {row.cell["cell_id"] for row in rows}
        assert all(found.clean for found in rejudge(there))


@pytest.mark.slow
def test_two_runs_share_it(url: str, tmp_path: Path) -> None:
    matrix = write_matrix(tmp_path, solvers=["none+equal", "exhaustive"], trace_seeds="0-4")
    runs = [start(tmp_path, matrix, "--store", url, "--solvers", name) for name in ("none+equal", "exhaustive")]
    for run in runs:
        code, out, err = finish(run)
        assert code == 0, err
        assert "secret" not in out + err
    with Store.open(url) as store:
        assert sorted(store.rows()["label"]) == ["exhaustive"] * 5 + ["none+equal"] * 5


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("postgresql://me:secret@/db?host=/nowhere", "cannot be opened: "),
        ("postgresql://me:secret@h:port/db", "store: 'postgresql://...'; must be a path or an SQLAlchemy URL"),
        ("postgresql+pg8000://me:secret@h/db", "its driver 'pg8000' is not installed"),
    ],
)
def test_a_store_that_cannot_be_had_is_one_line_without_the_password(location: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        Store.open(location, create=True)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_of_something_else_is_left_alone(url: str) -> None:
    engine = connect(url, create=False)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE birds (name text)")
    engine.dispose()
    for create in (False, True):
        with pytest.raises(InputError, match=r"^postgresql://t2bench:\*\*\*@/.*: not a store of t2bench$"):
            Store.open(url, create=create)


@pytest.mark.parametrize("url", ["postgresql://me:secret@h/db", "postgresql://h/db?user=me&password=secret"])
def test_no_password_is_shown(url: str) -> None:
    assert "secret" not in display_name(url)


def test_without_the_extra_the_line_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(InputError, match=r"^postgresql://h/db: not installed: pip install 't2bench\[postgres\]'$"):
        Store.open("postgresql://h/db")
