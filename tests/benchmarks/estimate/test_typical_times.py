"""The table of typical times: what is in it, what it says of other sizes, and how it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.estimate import typical_times
from benchmarks.estimate.estimate import estimates
from benchmarks.estimate.typical_times import Size, TypicalTime, TypicalTimes, csv_text, main
from benchmarks.matrix.file import load_matrix
from benchmarks.matrix.matrix import SolverEntry
from problems.io.errors import InputError
from tests.benchmarks.stores import filled, rows_of

TINY, SMALL = Size(3, 2, 2, 3), Size(10, 4, 4, 6)


def time(family: str, size: Size, coupled: bool, solve: float) -> TypicalTime:
    return TypicalTime("lru", "{}", family, *size, coupled, solve, rest=5.0, limited=False)


TABLE = TypicalTimes(
    [time("tiny", TINY, False, 10.0), time("small", SMALL, False, 200.0), time("late", TINY, True, 7.0)]
)


@pytest.mark.parametrize(
    ("family", "size", "coupled", "units"),
    [
        ("small", SMALL, False, 205.0),
        ("tiny", SMALL, True, 15.0),
        ("tiny-m6-n2-k2-t3", Size(3, 2, 2, 6), False, 25.0),
        ("vast", Size(20, 4, 4, 6), False, 405.0),
        ("vast", Size(20, 4, 4, 6), True, 7.0 * 1920 / 36 + 5.0),
    ],
    ids=["measured", "the family decides", "twice the size", "nearest size", "nearest with a deadline"],
)
def test_it_asks_the_family_then_the_deadline_then_the_size(
    family: str, size: Size, coupled: bool, units: float
) -> None:
    expected = TABLE.of("lru", "{}", family, size, coupled)
    assert expected is not None
    assert expected.units == pytest.approx(units)


@pytest.mark.parametrize(("solver", "settings"), [("lfu", "{}"), ("lru", '{"k":1}'), ("mine.py:Mine", "{}")])
def test_of_what_was_never_measured_it_says_nothing(solver: str, settings: str) -> None:
    assert TABLE.of(solver, settings, "tiny", TINY, False) is None


@pytest.mark.parametrize(
    ("matrix", "seconds"), [("quick", 40.0), ("ladder", 38.0), ("deadline", 361.0), ("metro", 371.0)]
)
def test_the_shipped_table_knows_every_cell_of_the_matrices_that_it_was_made_from(
    matrix: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their wall-clock time, with two jobs on a machine whose micro-solve took a third of a millisecond, is known."""
    monkeypatch.setattr("benchmarks.estimate.estimate.micro_solve_s", lambda: 3.5e-4)
    found = estimates(load_matrix(matrix).cells(), None, TypicalTimes.read())
    assert {one.basis for one in found} == {"table"}
    assert seconds / 1.5 < sum(one.seconds or 0.0 for one in found) / 2 < 1.5 * seconds


def test_it_is_made_from_stores_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "times.csv"
    monkeypatch.setattr(typical_times, "FILE", table)
    rows = rows_of(SolverEntry(name="none"), SolverEntry(name="lru"), families=("tiny", "deadline"))
    stores = [filled(tmp_path / "a.sqlite", rows[:4]), filled(tmp_path / "b.sqlite", rows[4:])]
    assert main([str(store) for store in stores]) == 0
    assert capsys.readouterr().out == f"{table}: 4 typical times\n"
    units = [row.cell["solve_s"] / row.cell["micro_solve_s"] for row in rows if row.cell["solver"] == "lru"][:2]
    times = TypicalTimes.read(table)
    tiny = times.of("lru", "{}", "tiny", TINY, False)
    assert tiny is not None
    assert tiny.units > sum(units) / 2 * 0.99
    assert not tiny.limited
    assert [line.split(",")[7] for line in table.read_text().splitlines()] == ["coupled", "1", "0", "1", "0"]


def test_most_cells_at_their_limit_are_all_that_is_known() -> None:
    row: dict[str, Any] = {"solver": "milp", "settings": "{}", "family": "late", "coupled": True, **TINY._asdict()}
    row |= {"wall_s": 3.0, "solve_s": 2.0, "micro_solve_s": 0.5}
    rows = pd.DataFrame([{**row, "status": status} for status in ("timeout", "optimal", "timeout", "error")])
    (found,) = typical_times.typical_times(rows)
    assert found == TypicalTime("milp", "{}", "late", *TINY, coupled=True, solve=4.0, rest=2.0, limited=True)
    assert csv_text([found]).splitlines()[1] == "milp,{},late,3,2,2,3,1,4,2,1"


@pytest.mark.parametrize("content", ["solver,settings\nlru,{}\n", "a\n1\n"])
def test_a_file_that_is_no_table_is_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "times.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=r"times\.csv: not a table of typical times: "):
        TypicalTimes.read(path)


def test_without_a_store_it_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "typical_times STORE ..." in capsys.readouterr().err
