"""What ``t2bench run --dry-run`` says of the time that a run will take."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from benchmarks.estimate.estimate import CellEstimate, estimates, summary
from benchmarks.estimate.typical_times import TypicalTime, TypicalTimes
from benchmarks.matrix.cell import Cell
from benchmarks.matrix.matrix import Matrix, SolverEntry


@pytest.fixture
def cell() -> Cell:
    """On tiny, with a limit of 60 seconds."""
    matrix = Matrix(
        format="t2bench-matrix",
        version=1,
        name="trial",
        solvers=(SolverEntry(name="none+genetic", settings={"population": 8}),),
        families=("tiny",),  # type: ignore[arg-type]
    )
    return matrix.cells()[0]


def earlier(*times: float, **fields: Any) -> pd.DataFrame:
    row = {"solver": "none+genetic", "settings": '{"population":8}', "family": "tiny", **fields}
    return pd.DataFrame([{**row, "wall_s": time} for time in times])


NOTHING = TypicalTimes(())


def typical(**fields: Any) -> TypicalTimes:
    """A table of one time: ten million units, of which one is at most a millisecond."""
    time = {"solver": "none+genetic", "settings": '{"population":8}', "family": "tiny", "coupled": False}
    time |= {"frames": 3, "slots": 2, "users": 2, "models": 3, "solve": 9e6, "rest": 1e6, "limited": False}
    return TypicalTimes((TypicalTime(**{**time, **fields}),))


def test_cells_take_as_long_as_earlier_ones_like_them(cell: Cell) -> None:
    assert estimates([cell], earlier(1.0, 4.0, 4.0), typical()) == [CellEstimate(3.0, "store")]
    assert estimates([cell], earlier(90.0), NOTHING) == [CellEstimate(60.0, "store")], (
        "no cell takes longer than its limit"
    )


@pytest.mark.parametrize("fields", [{"solver": "none"}, {"settings": "{}"}, {"family": "small"}])
def test_other_cells_say_nothing(cell: Cell, fields: dict[str, str]) -> None:
    assert estimates([cell], earlier(1.0, **fields), NOTHING) == [CellEstimate(60.0, "limit")]
    assert estimates([replace(cell, time_limit_s=None)], earlier(1.0, **fields), NOTHING) == [
        CellEstimate(None, "limit")
    ]


def test_a_new_store_leaves_the_limits(cell: Cell) -> None:
    assert estimates([cell, replace(cell, time_limit_s=5.0)], None, NOTHING) == [
        CellEstimate(60.0, "limit"),
        CellEstimate(5.0, "limit"),
    ]


def test_without_earlier_cells_typical_times_scale_with_the_machine(
    cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.estimate.estimate.micro_solve_s", lambda: 1e-6)
    unlimited = replace(cell, time_limit_s=None)
    assert estimates([cell, unlimited], None, typical()) == [CellEstimate(10.0, "table")] * 2
    assert estimates([replace(cell, time_limit_s=2.0)], None, typical()) == [CellEstimate(2.0, "table")]
    assert estimates([cell, unlimited], None, typical(limited=True)) == [
        CellEstimate(60.0, "table"),
        CellEstimate(None, "limit"),
    ]


def test_the_line_says_which_time_is_which() -> None:
    found = [CellEstimate(30.0, "store"), CellEstimate(31.0, "table"), CellEstimate(20.0, "table")]
    found += [CellEstimate(800.0, "limit"), CellEstimate(None, "limit")]
    assert summary(found, 2) == (
        "5 cells, 2 at once: about 15 s for 1 as earlier cells like them took; "
        "about 26 s for 2 as cells like them typically take on a machine of this speed; "
        "at most 7 min for 1 by their time limits; 1 without a limit or earlier cells like them"
    )
    assert summary([CellEstimate(3.0, "store")], 2) == (
        "1 cell, 2 at once: about 1.5 s for 1 as earlier cells like them took"
    )
    assert summary([CellEstimate(36_000.0, "limit")], 4).endswith(" at most 2.5 h for 1 by their time limits")
    assert summary([], 1) == "0 cells, 1 at once: nothing to do"
    assert [str(one) for one in found[1:]] == ["about 31 s", "about 20 s", "at most 800 s", "no limit"]
