"""A matrix run from Python has the rows of one run from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import t2bench
from solvers.caching.lru import LeastRecentlyUsed
from t2bench.cli.main import main
from tests.t2bench.studies import MATRIX

SAME = ["cell_id", "label", "solver", "settings", "instance_sha256", "cost", "status", "command"]


def test_it_has_the_rows_of_the_command(store: t2bench.Store, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(yaml.dump({"format": "t2bench-matrix", "version": 1, **MATRIX, "trace_seeds": "0-1"}))
    assert main(["run", str(path), "--store", str(tmp_path / "command.sqlite"), "--jobs", "2"]) == 0
    command, python = t2bench.open_store(tmp_path / "command.sqlite").rows(), store.rows()
    assert command[SAME].to_dict() == python[SAME].to_dict()


def test_it_goes_on_where_it_stopped(store: t2bench.Store, tmp_path: Path) -> None:
    place = tmp_path / "part.sqlite"
    part = t2bench.run(MATRIX, place, solvers=["lru"], jobs=1).rows()
    with pytest.raises(t2bench.InputError, match=r"holds 2 of these 6 cells already; resume=True"):
        t2bench.run(MATRIX, place)
    whole = t2bench.run(MATRIX, place, resume=True, jobs=2).rows()
    assert whole["cost"].tolist() == store.rows()["cost"].tolist()
    again = whole.set_index("cell_id").loc[part["cell_id"]]
    assert again["started_at"].tolist() == part["started_at"].tolist()


def test_classes_and_objects_stand_for_names(tmp_path: Path) -> None:
    solvers: list[Any] = [
        LeastRecentlyUsed,
        t2bench.solver("greedy-popularity+equal"),
        {"name": LeastRecentlyUsed(), "label": "mine"},
    ]
    matrix = {"name": "objects", "solvers": solvers[:2], "families": ("tiny",)}
    rows = t2bench.run(matrix, tmp_path / "o.sqlite", jobs=1).rows()
    assert rows["solver"].tolist() == ["greedy-popularity+equal", "lru"]
    assert rows["label"].tolist() == ["GreedyPopularity+EqualAllocation", "LeastRecentlyUsed"]
    matrix["solvers"] = solvers[2:]
    rows = t2bench.run(matrix, tmp_path / "p.sqlite", jobs=1).rows()
    assert rows[["label", "solver"]].to_numpy().tolist() == [["mine", "lru"]]


@pytest.mark.parametrize(
    ("matrix", "line"),
    [
        ("quik", "matrix: 'quik'"),
        ({"name": "x", "families": ["tiny"]}, "solvers: missing; required"),
        ({"name": "x", "solvers": ["lru"], "families": ["tiny"], "jobs": 2}, "jobs: not a known field"),
        ({"name": "x", "solvers": [3], "families": ["tiny"]}, "solver"),
        ({"name": "x", "solvers": ["lru"], "families": ["tyny"]}, "families[0]: family: 'tyny'"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(matrix: Any, line: str, tmp_path: Path) -> None:
    with pytest.raises(t2bench.InputError) as caught:
        t2bench.run(matrix, tmp_path / "none.sqlite")
    assert str(caught.value).startswith(line)
    assert len(str(caught.value).splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
