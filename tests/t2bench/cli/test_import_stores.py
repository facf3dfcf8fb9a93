"""``t2bench import`` loses nothing, takes nothing twice and says where two machines disagree."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.row import Row
from benchmarks.store.store import Store
from t2bench.cli.main import main
from tests.benchmarks.stores import changed, filled, rows_of, tampered
from tests.places import HOSTILE


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return rows_of(SolverEntry(name="exhaustive"), SolverEntry(name="none"), SolverEntry(name=f"{HOSTILE}:Exits"))


def imported(capsys: pytest.CaptureFixture[str], *stores: Path) -> tuple[int, list[str]]:
    code = main(["import", *map(str, stores)])
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out.splitlines()


def test_two_halves_make_the_whole(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    whole = filled(tmp_path / "whole.sqlite", rows)
    first, second = filled(tmp_path / "a.sqlite", rows[:4]), filled(tmp_path / "b.sqlite", rows[3:])
    code, lines = imported(capsys, tmp_path / "new.sqlite", first, second)
    assert code == 0
    assert lines == [
        f"{first}: 4 cells added, 0 already there, 0 of them with another answer",
        f"{second}: 2 cells added, 1 already there, 0 of them with another answer",
    ]
    with Store.open(tmp_path / "new.sqlite") as made, Store.open(whole) as wanted:
        assert made.rows().equals(wanted.rows())
        assert list(made.records()) == list(wanted.records())
    assert main(["rejudge", str(tmp_path / "new.sqlite")]) == 0


def test_importing_again_or_oneself_changes_nothing(
    tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    store = filled(tmp_path / "a.sqlite", rows)
    code, lines = imported(capsys, store, store)
    assert (code, lines) == (0, [f"{store}: 0 cells added, 6 already there, 0 of them with another answer"])


def test_a_url_is_a_store_like_a_path(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    source = filled(tmp_path / "a.sqlite", rows)
    assert main(["import", f"sqlite:///{tmp_path}/b.sqlite", f"sqlite:///{source}"]) == 0
    assert "6 cells added" in capsys.readouterr().out


def test_of_two_answers_the_first_stays_and_both_are_named(
    tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    cost = rows[0].cell["cost"]
    others = [
        changed(rows[0], cost=2 * cost),
        changed(rows[1], cost=rows[1].cell["cost"] * (1 + 1e-12)),
        changed(rows[2], status="timeout"),
    ]
    ours, theirs = filled(tmp_path / "a.sqlite", rows[:3]), filled(tmp_path / "b.sqlite", others)
    code, lines = imported(capsys, ours, theirs)
    assert code == 1
    assert lines == [
        f"{theirs}: 0 cells added, 3 already there, 2 of them with another answer",
        f"conflict: exhaustive on tiny-s0-t0, repetition 0: optimal, cost {cost!r} stays; "
        f"{theirs} says optimal, cost {2 * cost!r}",
        f"conflict: hostile.py:Exits on tiny-s0-t0, repetition 0: crash stays; {theirs} says timeout",
    ]
    with Store.open(ours) as store:
        assert store.rows()["cost"].max() < 2 * cost


@pytest.mark.parametrize("damage", ["no instance", "another schema version", "no column"])
def test_a_bad_source_leaves_nothing_half_taken(
    tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    ours, good = filled(tmp_path / "a.sqlite", rows[:1]), filled(tmp_path / "b.sqlite", rows[:2])
    bad = filled(tmp_path / "c.sqlite", rows)
    if damage == "no instance":
        # Of the instance that comes last, so that cells of the other one have been copied by then.
        tampered(bad, "DELETE FROM instances WHERE sha256 = (SELECT max(sha256) FROM instances)")
    elif damage == "no column":
        with contextlib.closing(sqlite3.connect(bad)) as connection:
            connection.execute("ALTER TABLE cells DROP COLUMN events")
    else:
        tampered(bad, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    assert main(["import", str(ours), str(good), str(bad)]) == 2, damage
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert captured.err.startswith(f"t2bench: {bad}: ")
    with Store.open(ours) as store:
        assert len(store.finished()) == (1 if damage == "another schema version" else 2)
