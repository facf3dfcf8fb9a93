"""Exported files, solved by programs that know nothing of this one, and their answers read back."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import highspy
import pytest

from problems.instance import Instance, write_instance
from problems.io.errors import InputError
from problems.judge import judge
from problems.solution import write_solution
from solvers.export.export import export
from solvers.export.values import solution_of
from t2bench.cli.main import main
from tests.cases import as_instance, random_document, sampled
from tests.pages import blocks
from tests.places import ROOT
from tests.solvers.support import cost_of

SHAPE = (2, 2, 2)
needs_scip = pytest.mark.skipif(importlib.util.find_spec("pyscipopt") is None, reason="needs the extra scip")
needs_casadi = pytest.mark.skipif(importlib.util.find_spec("casadi") is None, reason="needs the extra casadi")


def by_highs(path: Path) -> tuple[float, dict[str, float]]:
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 1e-8)
    assert model.readModel(str(path)) == highspy.HighsStatus.kOk
    model.run()
    names = [model.getColName(column)[1] for column in range(model.getNumCol())]
    return model.getObjectiveValue(), dict(zip(names, model.getSolution().col_value, strict=True))


def by_scip(path: Path) -> tuple[float, dict[str, float]]:
    import pyscipopt

    model = pyscipopt.Model()
    model.hideOutput()
    model.readProblem(str(path))
    model.optimize()
    return model.getObjVal(), {variable.name: model.getVal(variable) for variable in model.getVars()}


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
@pytest.mark.parametrize("seed", range(10))
def test_linear_files_are_exact_without_a_price_of_lateness(seed: int, kind: str, tmp_path: Path) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, models=3, deadline=False))
    agrees(instance, tmp_path / f"a.{kind}", kind, 1e-8)


@needs_scip
@pytest.mark.parametrize("kind", ["nl", "cip"])
@pytest.mark.parametrize("seed", range(8))
def test_nonlinear_files_are_exact(seed: int, kind: str, tmp_path: Path) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, models=3))
    agrees(instance, tmp_path / f"a.{kind}", kind, 1e-6)


def agrees(instance: Instance, path: Path, kind: str, tolerance: float) -> None:
    """What another solver makes of the file is the optimum, by its own words and by the judge's."""
    export(instance, path, kind)  # type: ignore[arg-type]
    objective, values = by_scip(path) if kind in ("nl", "cip") else by_highs(path)
    verdict = judge(instance, solution_of(instance, values, "another"))
    optimum = cost_of("exhaustive", instance)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(optimum, rel=tolerance)
    assert objective == pytest.approx(optimum, rel=tolerance)


@needs_casadi
def test_casadi_reads_the_same_columns(tmp_path: Path) -> None:
    import casadi

    instance = as_instance(random_document(1, shape=SHAPE, models=3, deadline=True))
    export(instance, tmp_path / "a.nl", "nl")
    builder = casadi.NlpBuilder()
    builder.import_nl(str(tmp_path / "a.nl"))
    names = (tmp_path / "a.col").read_text().split()
    whole = {name.split("_")[0] for name, discrete in zip(names, builder.discrete, strict=True) if discrete}
    assert whole == {"rho", "edge", "ramp", "s"}
    assert {name.split("_")[0] for name in names} - whole == {"load", "more", "top", "b", "air", "late"}
    assert len((tmp_path / "a.row").read_text().split()) == len(builder.g_ub)


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


def test_says_which_instance_a_file_is_of(tmp_path: Path) -> None:
    instance = sampled("tiny")
    for kind, mark in (("mps", "* "), ("lp", "\\ ")):
        export(instance, tmp_path / kind, kind)  # type: ignore[arg-type]
        assert (tmp_path / kind).read_text().startswith(f"{mark}t2bench instance sha256 {instance.sha256}\n")


def test_refuses_values_of_something_else() -> None:
    with pytest.raises(InputError, match="must be columns of this instance's programme"):
        solution_of(sampled("tiny"), {"x": 1.0}, "another")
