"""A store gives back what it was given, and refuses what is none."""

from __future__ import annotations

import contextlib
import json
import resource
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.database import connect
from benchmarks.store.row import Row
from benchmarks.store.schema import SCHEMA_VERSION
from benchmarks.store.schema import cells as cells_table
from benchmarks.store.store import Store
from problems.certificates.bound import certified_bound
from problems.io.errors import InputError
from problems.judge import judge
from tests.benchmarks.stores import rows_of
from tests.places import HOSTILE


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Two instances by an optimum, a crash, a skipped one, NaN and a false claim."""
    names = ("Exits", "Refuses", "ReturnsNan", "BreaksRules")
    return rows_of(SolverEntry(name="exhaustive"), *(SolverEntry(name=f"{HOSTILE}:{name}") for name in names))


@pytest.fixture
def store(tmp_path: Path, rows: list[Row]) -> Iterator[Store]:
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        for row in rows:
            store.add(row)
        yield store


def test_rows_come_back_with_their_instances(store: Store, rows: list[Row]) -> None:
    frame = store.rows()
    assert set(frame.columns) == ({column.name for column in cells_table.c} - {"solution", "prices"}) | {
        *("instance", "family", "scenario_seed", "trace_seed", "frames", "slots", "users", "models")
    }
    assert store.finished() == {row.cell["cell_id"] for row in rows} == set(frame["cell_id"])
    assert set(frame["instance"]) == {"tiny-s0-t0", "tiny-s0-t1"}
    for row in rows:
        (found,) = frame[frame["cell_id"] == row.cell["cell_id"]].to_dict("records")
        for name in ("label", "status", "command", "events", "libraries", "proved", "started_at"):
            assert found[name] == row.cell[name]
        for name in ("cost", "lower_bound", "wall_s", "mean_tv"):
            assert found[name] == row.cell[name] or (row.cell[name] is None and np.isnan(found[name]))
    assert list(store.rows("label", "instance").columns) == ["label", "instance"]


def test_statuses_are_those_that_happened(store: Store) -> None:
    frame = store.rows()
    statuses = dict(zip(frame["label"], frame["status"], strict=True))
    assert statuses == {
        "exhaustive": "optimal",
        "hostile.py:Exits": "crash",
        "hostile.py:Refuses": "skipped",
        "hostile.py:ReturnsNan": "invalid",
        "hostile.py:BreaksRules": "invalid",
    }
    nan = frame[frame["label"] == "hostile.py:ReturnsNan"]
    assert nan["cost"].isna().all()
    assert all(json.loads(text)[0]["rule"] == "bandwidth.missing" for text in nan["violations"])


def test_every_answer_can_be_judged_again_from_the_store_alone(store: Store) -> None:
    for row in store.rows().to_dict("records"):
        instance, solution = store.instance(row["instance_sha256"]), store.solution(row["cell_id"])
        assert instance.sha256 == row["instance_sha256"]
        if row["status"] in ("crash", "skipped"):
            assert solution is None
        else:
            assert solution is not None
            verdict = judge(instance, solution)
            assert verdict.feasible == (row["status"] == "optimal")
            assert verdict.cost == row["cost"] or (np.isinf(verdict.cost) and np.isnan(row["cost"]))


def test_solutions_of_many_cells_are_read_at_once(store: Store) -> None:
    one_by_one = {cell_id: store.solution(cell_id) for cell_id in store.finished()}
    known = {cell_id: solution for cell_id, solution in one_by_one.items() if solution is not None}
    assert 0 < len(known) < len(one_by_one)
    solutions, caches = store.solutions([*one_by_one, "abc"]), store.caches([*one_by_one, "abc"])
    assert solutions.keys() == caches.keys() == known.keys()
    for cell_id, solution in known.items():
        np.testing.assert_array_equal(solutions[cell_id].steps, solution.steps)
        np.testing.assert_array_equal(caches[cell_id], solution.cache)
    assert store.solutions([]) == {}


def test_of_two_rows_of_a_cell_the_first_stays(store: Store, rows: list[Row]) -> None:
    before = store.rows()
    store.add(Row({**rows[0].cell, "status": "error"}, rows[0].recipe))
    assert store.rows().equals(before)


def test_a_replaced_row_is_the_new_one_and_others_stay(store: Store, rows: list[Row]) -> None:
    before = store.rows()
    store.replace(Row({**rows[0].cell, "status": "error", "cost": None}, rows[0].recipe))
    after = store.rows()
    changed = after["cell_id"] == rows[0].cell["cell_id"]
    assert list(after[changed]["status"]) == ["error"]
    assert after[changed]["cost"].isna().all()
    others = before["cell_id"] != rows[0].cell["cell_id"]
    assert after[~changed].reset_index(drop=True).equals(before[others].reset_index(drop=True))


def test_a_cell_without_a_row_has_one_after_replace(tmp_path: Path, rows: list[Row]) -> None:
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        store.replace(rows[0])
        assert store.finished() == {rows[0].cell["cell_id"]}


def test_two_runs_may_write_one_store_at_once(tmp_path: Path, rows: list[Row]) -> None:
    def write(mine: list[Row]) -> None:
        with Store.open(tmp_path / "s.sqlite", create=True) as store:
            for row in mine:
                store.add(row)

    with ThreadPoolExecutor() as writers:
        list(writers.map(write, (rows, rows[::-1], rows[::2], rows[1::2])))
    with Store.open(tmp_path / "s.sqlite") as store:
        assert store.finished() == {row.cell["cell_id"] for row in rows}


def test_a_store_may_be_made_by_several_at_once(tmp_path: Path) -> None:
    """Each sees it whole or not at all, and waits for those who make it."""

    def opened(path: Path) -> bool:
        with Store.open(path, create=True) as store:
            return store.finished() == set()

    paths = [tmp_path / f"{number}.sqlite" for number in range(10) for _ in range(4)]
    with ThreadPoolExecutor(4) as several:
        assert all(several.map(opened, paths))


def test_unknown_addresses_are_refused(store: Store) -> None:
    with pytest.raises(InputError, match=r"s\.sqlite: has no cell abc"):
        store.solution("abc")
    with pytest.raises(InputError, match=r"s\.sqlite: has no instance abc"):
        store.instance("abc")


def test_a_store_is_made_only_when_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no\.sqlite: no such store"):
        Store.open(tmp_path / "no.sqlite")
    assert not (tmp_path / "no.sqlite").exists()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at" * 20, b""])
def test_other_files_are_no_store(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"other: (not a store of t2bench|cannot be opened: file is not a database)"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "birds.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE birds (name)")
    for create in (False, True):
        with pytest.raises(InputError, match=r"birds\.sqlite: not a store of t2bench"):
            Store.open(path, create=create)


@pytest.mark.parametrize("statement", ["DROP TABLE cells", "DROP TABLE meta; CREATE TABLE meta (key)"])
def test_a_damaged_store_is_one_line(store: Store, tmp_path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "s.sqlite")) as connection:
        connection.executescript(statement)
    with pytest.raises(InputError) as caught:
        Store.open(tmp_path / "s.sqlite").rows()
    assert "\n" not in str(caught.value)


def test_another_schema_version_is_refused(store: Store, tmp_path: Path) -> None:
    engine = connect(tmp_path / "s.sqlite", create=False)
    with engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '99' WHERE key = 'schema_version'"))
    engine.dispose()
    for create in (False, True):
        with pytest.raises(InputError, match=rf"s\.sqlite: schema version 99; must be 1 to {SCHEMA_VERSION}"):
            Store.open(tmp_path / "s.sqlite", create=create)


def test_a_disk_without_room_costs_no_finished_row(tmp_path: Path, rows: list[Row]) -> None:
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        store.add(rows[0])
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
        try:
            with pytest.raises(InputError, match=r"s\.sqlite: cannot be written: "):
                _add_all(store, rows[1:])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert rows[0].cell["cell_id"] in store.finished()
        _add_all(store, rows[1:])
        assert len(store.finished()) == len(rows)


def _add_all(store: Store, rows: list[Row]) -> None:
    for row in rows:
        store.add(row)


def test_a_number_that_the_database_cannot_hold_is_one_line(tmp_path: Path, rows: list[Row]) -> None:
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        with pytest.raises(InputError, match=r"s\.sqlite: cannot be written: .*too large"):
            store.add(Row({**rows[0].cell, "updates": 2**63}, rows[0].recipe))
        assert store.finished() == set()


def test_prices_are_kept_with_the_solution(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        for row in rows_of(SolverEntry(name="branch-and-bound"), SolverEntry(name="exhaustive")):
            store.add(row)
        for row in store.rows().to_dict("records"):
            solution = store.solution(row["cell_id"])
            assert solution is not None
            if row["label"] == "exhaustive":
                assert solution.prices is None
            else:
                assert solution.prices is not None
                bound = certified_bound(store.instance(row["instance_sha256"]), solution.prices)
                assert 0.8 * row["cost"] < bound <= row["cost"]
