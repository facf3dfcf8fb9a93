"""What ``t2bench run --dry-run`` says of the time that a run will take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.matrix.cell import Cell
from benchmarks.matrix.estimate import CellEstimate, estimates, told
from benchmarks.matrix.matrix import Matrix, SolverEntry
from benchmarks.store.row import execute
from t2bench.cli.main import main
from tests.benchmarks.runs import write_matrix
from tests.benchmarks.stores import changed, filled


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


def test_cells_take_as_long_as_earlier_ones_like_them(cell: Cell) -> None:
    assert estimates([cell], earlier(1.0, 4.0, 4.0)) == [CellEstimate(3.0, True)]
    assert estimates([cell], earlier(90.0)) == [CellEstimate(60.0, True)], "no cell takes longer than its limit"


@pytest.mark.parametrize("fields", [{"solver": "none"}, {"settings": "{}"}, {"family": "small"}])
def test_other_cells_say_nothing(cell: Cell, fields: dict[str, str]) -> None:
    assert estimates([cell], earlier(1.0, **fields)) == [CellEstimate(60.0, False)]
    assert estimates([replace(cell, time_limit_s=None)], earlier(1.0, **fields)) == [CellEstimate(None, False)]


def test_a_new_store_leaves_the_limits(cell: Cell) -> None:
    assert estimates([cell, replace(cell, time_limit_s=5.0)], None) == [
        CellEstimate(60.0, False),
        CellEstimate(5.0, False),
    ]


def test_the_line_says_which_time_is_which() -> None:
    found = [CellEstimate(30.0, True), CellEstimate(31.0, True), CellEstimate(800.0, False), CellEstimate(None, False)]
    assert told(found, 2) == (
        "4 cells, 2 at once: about 30 s for 2 as earlier cells like them took; "
        "at most 7 min for 1 by their time limits; 1 without a limit or earlier cells like them"
    )
    assert told([CellEstimate(3.0, True)], 2) == "1 cell, 2 at once: about 1.5 s for 1 as earlier cells like them took"
    assert told([CellEstimate(36_000.0, False)], 4).endswith(" at most 2.5 h for 1 by their time limits")
    assert told([], 1) == "0 cells, 1 at once: nothing to do"
    assert [str(one) for one in found[1:]] == ["about 31 s", "at most 800 s", "no limit"]


def test_a_dry_run_looks_at_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_matrix(tmp_path, solvers=["none", "none+equal"], trace_seeds="0-1", time_limit_s=10)

    def listed(*arguments: str) -> list[str]:
        assert main(["run", "trial.yaml", "--jobs", "2", "--dry-run", *arguments]) == 0
        return capsys.readouterr().out.splitlines()

    assert listed() == [
        *(f"{label}\ttiny-s0-t{seed}\tseed 0\tat most 10 s" for seed in (0, 1) for label in ("none", "none+equal")),
        "4 cells, 2 at once: at most 20 s for 4 by their time limits",
    ]
    assert listed("--resume") == listed()
    assert not (tmp_path / "trial.sqlite").exists()
    (tmp_path / "other.sqlite").write_text("no database")
    assert listed("--store", "other.sqlite") == listed()
    assert main(["run", "trial.yaml", "--dry-run", "--resume", "--store", "other.sqlite"]) == 2
    assert "other.sqlite: " in capsys.readouterr().err
    matrix = Matrix(
        format="t2bench-matrix",
        version=1,
        name="trial",
        solvers=(SolverEntry(name="none"),),
        families=("tiny",),  # type: ignore[arg-type]
        time_limit_s=10.0,
    )
    filled(tmp_path / "trial.sqlite", [changed(execute(matrix.cells()[0]), wall_s=0.25)])
    assert listed()[0] == "none\ttiny-s0-t0\tseed 0\tabout 0.25 s"
    resumed = listed("--resume")
    assert resumed[0] == "none+equal\ttiny-s0-t0\tseed 0\tat most 10 s"
    assert resumed[-1] == "3 cells, 2 at once: " + "; ".join(
        ["about 0.12 s for 1 as earlier cells like them took", "at most 10 s for 2 by their time limits"]
    )
