"""Solvers and families of a matrix by the names that a user gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.matrix.file import read_matrix
from benchmarks.matrix.selection import chosen_families, chosen_solvers
from problems.families.named import family_scenario
from problems.scenario import scenario_yaml
from t2bench.cli.main import main
from tests.benchmarks.runs import write_matrix
from tests.places import HOSTILE
from tests.t2bench.cli.command import t2bench


def test_filters_choose_solvers_and_families(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def listed(*arguments: str) -> set[tuple[str, ...]]:
        assert main(["run", str(tmp_path / "trial.yaml"), "--dry-run", *arguments]) == 0
        return {tuple(line.split("\t")[:2]) for line in capsys.readouterr().out.splitlines()[:-1]}

    solvers = ["none", {"name": "milp-relaxation", "settings": {"backend": "cbc"}}, "milp-relaxation"]
    solvers.append({"name": f"{HOSTILE}:Claims", "settings": {"status": "feasible", "bound_share": 0.9}})
    families = ["tiny", "small", {"family": "tiny", "users": 3}]
    write_matrix(tmp_path, solvers=solvers, families=families)
    tiny, wide, small = "tiny-s0-t0", "tiny-m3-n3-k2-t3-s0-t0", "small-s0-t0"
    cbc, claims = "milp-relaxation (backend=cbc)", "hostile.py:Claims (bound_share=0.9, status=feasible)"
    assert listed("--solvers", "none", "--families", "tiny") == {("none", tiny), ("none", wide)}
    assert listed("--solvers", f"none,{cbc}", "--families", "small,tiny-m3-n3-k2-t3") == {
        *(("none", wide), ("none", small), (cbc, wide), (cbc, small)),
    }
    assert listed("--solvers", "milp-relaxation", "--families", "small") == {("milp-relaxation", small)}
    assert listed("--solvers", "hostile.py:Claims", "--families", "small") == {(claims, small)}
    assert listed("--solvers", claims, "--solvers", "none", "--families", "small") == {
        *((claims, small), ("none", small)),
    }
    done = t2bench("run", "trial.yaml", "--solvers", "none", "--families", "small", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == "trial.sqlite: 1 cells: 1 feasible\n"


def test_a_name_stands_for_all_its_labels(tmp_path: Path) -> None:
    entries: list[dict[str, Any]] = [{"name": "none", "label": "a"}, {"name": "none+equal", "label": "b"}]
    entries.append({"name": "none", "label": "c", "time_limit_s": 5})
    matrix = read_matrix(write_matrix(tmp_path, solvers=entries))
    assert chosen_solvers(matrix, ["none"]) == {"a", "c"}
    assert chosen_solvers(matrix, ["none, b"]) == {"a", "b", "c"}


def test_a_scenario_is_chosen_by_its_files_name(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(scenario_yaml(family_scenario("tiny", 0)))
    matrix = read_matrix(write_matrix(tmp_path, solvers=["none"], families=["one.yaml", "two.yaml"]))
    assert chosen_families(matrix, ["two.yaml"]) == {str(tmp_path / "two.yaml")}
    assert chosen_families(matrix, [str(tmp_path / "one.yaml")]) == {str(tmp_path / "one.yaml")}
