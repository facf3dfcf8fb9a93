"""``t2bench compare`` and its fellows on real stores, and on what is none."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.store.row import Row
from t2bench.cli.main import main
from tests.benchmarks.stores import changed, filled, rows_of, tampered
from tests.places import HOSTILE


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return rows_of(SolverEntry(name="exhaustive"), SolverEntry(name="none"), SolverEntry(name=f"{HOSTILE}:Exits"))


def compared(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    code = main(["compare", *map(str, arguments)])
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out.splitlines()


def test_a_store_and_itself(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    store = filled(tmp_path / "a.sqlite", rows)
    code, lines = compared(capsys, store, store, "--time-tolerance", 0)
    assert code == 0
    assert lines[0].split()[:2] == ["solver", "cells"]
    assert [line.split()[0] for line in lines[1:-1]] == ["exhaustive", "none", "hostile.py:Exits"]
    assert lines[-1] == f"6 cells in both, 0 only in {store}, 0 only in {store}; 0 regressions"


def test_what_got_worse_is_named(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    cost = rows[1].cell["cost"]
    after = [
        changed(rows[0], status="crash", cost=None, proved=False),
        changed(rows[1], cost=cost * 1.01),
        *rows[2:-1],
    ]
    stores = filled(tmp_path / "a.sqlite", rows), filled(tmp_path / "b.sqlite", after)
    code, lines = compared(capsys, *stores)
    assert code == 1
    assert lines[-3:] == [
        f"5 cells in both, 1 only in {stores[0]}, 0 only in {stores[1]}; 2 regressions",
        "worse: exhaustive on tiny-s0-t0, repetition 0: status optimal -> crash",
        f"worse: none on tiny-s0-t0, repetition 0: cost {cost!r} -> {cost * 1.01!r} (+1 %)",
    ]
    assert compared(capsys, *stores, "--tolerance", 2)[1][-1].startswith("worse: exhaustive")
    assert compared(capsys, *stores[::-1])[0] == 0


def test_a_slower_solver_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    timed = {"cpu_s": 1.0, "micro_solve_s": 0.001, "stalled_s": 0.0, "waited_s": 0.0}
    rows = rows_of(SolverEntry(name="none"), trace_seeds=(0, 1, 2, 3, 4))
    rows = [changed(row, solve_s=1.0, **timed) for row in rows]
    slower = [changed(row, solve_s=1.5) for row in rows]
    stores = filled(tmp_path / "a.sqlite", rows), filled(tmp_path / "b.sqlite", slower)
    code, lines = compared(capsys, *stores)
    assert code == 1
    assert lines[1].endswith("1.50 (1.50 to 1.50)")
    assert lines[-1] == "worse: none on 5 cells: time times 1.5"
    assert compared(capsys, *stores, "--ignore-times")[0] == 0
    assert compared(capsys, *stores, "--time-tolerance", 60)[0] == 0
    assert compared(capsys, *stores[::-1])[0] == 0


def test_a_solver_that_is_missing_is_named(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    """The first rows are of exhaustive and of none, on one instance each."""
    gone = [row for row in rows if row.cell["label"] != "none"]
    stores = filled(tmp_path / "a.sqlite", rows), filled(tmp_path / "b.sqlite", gone)
    code, lines = compared(capsys, *stores)
    assert code == 1
    assert lines[-2:] == [
        f"4 cells in both, 2 only in {stores[0]}, 0 only in {stores[1]}; 1 regression",
        "worse: none on all its cells: missing 2 rows -> 0",
    ]
    code, lines = compared(capsys, *stores, "--ignore-missing")
    assert code == 0
    assert lines[-2].endswith("; 0 regressions")
    assert lines[-1] == "missing: none: 2 rows -> 0"
    assert compared(capsys, *stores[::-1])[0] == 0
    for options, expected in (([], 1), (["--ignore-missing"], 0)):
        code, lines = compared(capsys, *stores, "--json", *options)
        document = json.loads("\n".join(lines))
        assert code == expected
        assert document["missing"] == [{"label": "none", "rows_before": 2, "rows_after": 0}]
        assert [one["kind"] for one in document["regressions"]] == ["missing"] * expected


def test_json_says_the_same(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    stores = (
        filled(tmp_path / "a.sqlite", rows),
        filled(tmp_path / "b.sqlite", [changed(rows[0], status="feasible", proved=False), *rows[1:]]),
    )
    code, lines = compared(capsys, *stores, "--json")
    document = json.loads("\n".join(lines))
    assert code == 1
    assert (document["before"], document["after"]) == tuple(map(str, stores))
    assert [one["kind"] for one in document["regressions"]] == ["status"]
    solvers = {one["label"]: one for one in document["solvers"]}
    assert solvers["exhaustive"]["proofs_lost"] == 1
    assert solvers["hostile.py:Exits"]["gap_before"] is None
    assert solvers["none"]["time"]["low"] is None


def test_exactly_the_same_stores_say_so(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    store = filled(tmp_path / "a.sqlite", rows)
    slower = filled(tmp_path / "b.sqlite", [changed(row, solve_s=9.0) for row in rows])
    code, lines = compared(capsys, store, slower, "--exact")
    assert code == 0
    assert lines == [f"6 cells in both, 0 only in {store}, 0 only in {slower}; every cost and status is the same"]


def test_any_difference_is_named_exactly(tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]) -> None:
    """The first rows are of exhaustive and of none; a cost that falls by its last bit is a difference, too."""
    costs = [row.cell["cost"] for row in rows]
    less = math.nextafter(costs[1], 0.0)
    late = {"status": "timeout", "cost": 9.5, "proved": False}
    after = [changed(rows[0], **late), changed(rows[1], cost=less), *rows[2:-1]]
    stores = filled(tmp_path / "a.sqlite", rows), filled(tmp_path / "b.sqlite", after)
    code, lines = compared(capsys, *stores, "--exact")
    last = rows[-1].cell["label"]
    assert code == 1
    assert lines == [
        f"5 cells in both, 1 only in {stores[0]}, 0 only in {stores[1]}; 2 differences; 2 differences of cells at a"
        " limit",
        f"missing: {last} on tiny-s0-t1, repetition 0: only in {stores[0]}",
        f"differs: none on tiny-s0-t0, repetition 0: cost {costs[1]!r} -> {less!r}",
        "at a limit: exhaustive on tiny-s0-t0, repetition 0: status optimal -> timeout",
        f"at a limit: exhaustive on tiny-s0-t0, repetition 0: cost {costs[0]!r} -> 9.5",
    ]
    code, lines = compared(capsys, *stores[::-1], "--exact", "--json")
    document = json.loads("\n".join(lines))
    assert code == 1
    assert (document["matched"], document["only_before"], document["only_after"]) == (5, 0, 1)
    assert [one["kind"] for one in document["differences"]] == ["missing", "cost"]
    assert document["differences"][0]["before"] is None
    assert [one["kind"] for one in document["at_limit"]] == ["status", "cost"]


def test_what_decides_nothing_is_named_all_the_same(
    tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str]
) -> None:
    late = changed(rows[0], status="timeout", proved=False)
    stores = filled(tmp_path / "a.sqlite", rows), filled(tmp_path / "b.sqlite", [late, *rows[1:]])
    code, lines = compared(capsys, *stores, "--exact")
    assert code == 0
    assert lines[0].endswith("; every other cost and status is the same; 1 difference of cells at a limit")
    assert lines[1] == "at a limit: exhaustive on tiny-s0-t0, repetition 0: status optimal -> timeout"
    fewer = filled(tmp_path / "c.sqlite", rows[1:])
    assert compared(capsys, stores[0], fewer, "--exact")[0] == 1
    code, lines = compared(capsys, stores[0], fewer, "--exact", "--ignore-missing")
    assert code == 0
    assert lines[1] == f"missing: exhaustive on tiny-s0-t0, repetition 0: only in {stores[0]}"


@pytest.mark.parametrize("options", [(), ("--exact",)])
@pytest.mark.parametrize("count", [0, 1])
def test_stores_without_a_cell_in_common_are_refused(
    tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str], count: int, options: tuple[str, ...]
) -> None:
    stores = filled(tmp_path / "a.sqlite", rows[:1]), filled(tmp_path / "b.sqlite", rows[1 : 1 + count])
    assert main(["compare", *map(str, stores), *options]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(
        f"t2bench: {stores[0]}, {stores[1]}: no cell in common: 1 cells before, {count} after"
    )
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("option", ["--tolerance", "--time-tolerance"])
@pytest.mark.parametrize("value", ["-1", "nan", "much"])
def test_bad_tolerances_are_one_line(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["compare", "a", "b", f"{option}={value}"])
    captured = capsys.readouterr()
    assert caught.value.code == 2
    assert f"argument {option}: {value}; must be a number >= 0, in per cent" in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize("state", ["missing", "no store", "truncated", "another schema version"])
@pytest.mark.parametrize("verb", ["rejudge", "import", "rows", "compare"])
def test_what_is_no_store_is_one_line_and_nothing_is_written(
    tmp_path: Path, rows: list[Row], capsys: pytest.CaptureFixture[str], verb: str, state: str
) -> None:
    good, bad = filled(tmp_path / "good.sqlite", rows), tmp_path / "bad.sqlite"
    if state == "no store":
        bad.write_text("something else")
    elif state != "missing":
        filled(bad, rows)
        if state == "truncated":
            bad.write_bytes(bad.read_bytes()[:5000])
        else:
            tampered(bad, "UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    arguments = {
        "rejudge": [bad],
        "import": [tmp_path / "new.sqlite", good, bad],
        "rows": [bad, "-o", tmp_path / "new.csv"],
        "compare": [good, bad],
    }
    assert main([verb, *map(str, arguments[verb])]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.startswith(f"t2bench: {bad}: ")
    assert not list(tmp_path.glob("new.*"))
