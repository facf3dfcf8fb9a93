"""The command in a row makes its cell again, alone and on another day."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.engine.execution import execute
from benchmarks.matrix.file import load_matrix
from benchmarks.store.solution_blob import unpack_solution
from problems.families.drawn import family_scenario
from problems.instance import read_instance
from problems.scenario import scenario_yaml
from problems.solution import read_solution
from t2bench.cli.main import main
from tests.benchmarks.runs import write_matrix
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
