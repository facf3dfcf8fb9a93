"""An instance as a file, solved by a program that knows nothing of this one, and its answer read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from problems.instance import write_instance
from problems.solution import write_solution
from solvers.export.export import export
from solvers.export.values import solution_of
from t2bench.cli.main import main
from tests.cases import sampled
from tests.pages import blocks
from tests.places import ROOT
from tests.solvers.export.readers import by_highs
from tests.solvers.support import cost_of


def test_the_round_trip_by_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    instance = sampled("small", 1, 2)
    write_instance(instance, tmp_path / "a.json")
    assert main(["export", str(tmp_path / "a.json"), "--format", "mps", "-o", str(tmp_path / "a.mps")]) == 0
    objective, values = by_highs(tmp_path / "a.mps")
    solution = solution_of(instance, values, "highs")
    write_solution(solution, tmp_path / "s.json")
    assert main(["verify", str(tmp_path / "a.json"), str(tmp_path / "s.json")]) == 0
    verdict = json.loads(capsys.readouterr().out)
    optimum = cost_of("exhaustive", instance)
    assert verdict["cost"] == pytest.approx(optimum, rel=1e-9)
    assert objective == pytest.approx(optimum, rel=1e-9)


def test_the_round_trip_of_the_documentation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (program,) = (block.text for block in blocks(ROOT / "docs" / "other-solvers.md") if block.title == "read_back.py")
    instance = sampled("small", 1, 2)
    write_instance(instance, tmp_path / "a.json")
    export(instance, tmp_path / "a.mps", "mps")
    monkeypatch.chdir(tmp_path)
    exec(program, {})
    capfd.readouterr()
    assert main(["verify", "a.json", "h.json"]) == 0
    assert json.loads(capfd.readouterr().out)["cost"] == pytest.approx(cost_of("exhaustive", instance), rel=1e-4)


@pytest.mark.parametrize("kind", ["mps", "lp"])
def test_refuses_linear_files_where_lateness_has_a_price(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_instance(sampled("deadline"), tmp_path / "a.json")
    assert main(["export", str(tmp_path / "a.json"), "--format", kind, "-o", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert "must be nl or cip where lateness has a price" in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()
