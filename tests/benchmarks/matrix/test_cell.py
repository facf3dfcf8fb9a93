"""The address of a cell, and the command that makes it again, alone and on another day."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.engine.execution import execute
from benchmarks.matrix.file import load_matrix, read_matrix
from benchmarks.store.solution_blob import unpack_solution
from problems.families.named import family_scenario
from problems.instance import read_instance
from problems.scenario import scenario_yaml
from problems.solution import read_solution
from t2bench.cli.main import main
from tests.benchmarks.runs import Write, write_matrix
from tests.places import HOSTILE

SIZED = {"family": "tiny", "models": 4, "users": [3], "frames": 2}


@pytest.mark.parametrize(
    ("solver", "families"),
    [
        ({"name": "branch-and-bound"}, ["tiny"]),
        ({"name": "static+genetic", "settings": {"generations": 3}}, ["tiny", SIZED]),
        ({"name": "random", "repetitions": 2}, ["own.yaml"]),
        ({"name": "milp", "settings": {"backend": "cbc"}}, ["tiny"]),
        ({"name": "ddqn", "settings": {"train_steps": 1}}, ["tiny"]),
        ({"name": f"{HOSTILE}:Claims", "settings": {"bound_share": None, "objective": None}}, ["tiny"]),
    ],
    ids=["plain", "settings and sizes", "scenario file and repetitions", "text", "learner", "file"],
)
def test_the_command_repeats_the_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, solver: dict[str, Any], families: list[Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("T2BENCH_CACHE", str(tmp_path / "cache"))
    (tmp_path / "own.yaml").write_text(scenario_yaml(family_scenario("tiny", 3)))
    asked = {"trace_seeds": [1], "scenario_seeds": [2], "seed": 5, "time_limit_s": 33.5, "cpu_limit_s": 444.5}
    matrix = load_matrix(str(write_matrix(tmp_path, solvers=[solver], families=families, **asked)))
    for cell in matrix.cells():
        row = execute(cell).cell
        sample, solve = row["command"].split(" && ")
        for command in (sample, solve):
            program, *words = shlex.split(command)
            assert program == "t2bench"
            assert main(words) == 0
        instance = read_instance(Path(words[1]))
        assert instance.sha256 == row["instance_sha256"]
        again, stored = read_solution(Path(words[-1]), instance), unpack_solution(row["solution"])
        assert again.objective == row["cost"]
        assert json.loads(row["settings"]) == solver.get("settings", {})
        for name in ("cache", "bandwidth", "steps"):
            assert np.array_equal(getattr(again, name), getattr(stored, name))


def test_the_address_depends_on_what_decides_the_answer_and_on_nothing_else(write: Write) -> None:
    def address(**fields: Any) -> str:
        return read_matrix(write(solvers=["random+equal"], **fields)).cells()[0].cell_id

    same = {address(), address(name="other"), address(repetitions=3), address(cpu_limit_s=None)}
    different = {
        address(seed=1),
        address(time_limit_s=61.0),
        address(time_limit_s=None),
        address(memory_limit_gb=1.0),
        address(cpu_limit_s=60.0),
        address(trace_seeds=[1]),
    }
    assert len(same) == 1
    assert len(same | different) == 7
    labelled = write(solvers=[{"name": "random+equal", "label": "dice"}])
    assert read_matrix(labelled).cells()[0].cell_id in same


def test_a_changed_file_makes_another_cell_in_the_same_process(write: Write, tmp_path: Path) -> None:
    path = write(solvers=["mine.py:Polite"])
    seen = []
    for comment in ("one", "two", "one"):
        (tmp_path / "mine.py").write_text(f"# {comment}\nfrom tests.benchmarks.hostile import Polite\n")
        (cell,) = read_matrix(path).cells()
        seen.append((cell.cell_id, cell.code_version))
        assert execute(cell).cell["code_version"] == cell.code_version
    assert seen[0] == seen[2] != seen[1]


def test_the_command_of_a_cell_names_everything(write: Write) -> None:
    solver = {"name": "tests/benchmarks/hostile.py:Exits", "settings": {"code": 4}}
    path = write(solvers=[{**solver, "name": f"{HOSTILE}:Exits"}], seed=3)
    (cell,) = read_matrix(path).cells()
    assert cell.label == "hostile.py:Exits (code=4)"
    assert cell.command.startswith("t2bench sample tiny --scenario-seed 0 --trace-seed 0 -o tiny-s0-t0.json && ")
    assert cell.command.endswith(
        ":Exits --set code=4 --time-limit 60 --memory-limit 4 --seed 3 -o tiny-s0-t0.solution.json"
    )
