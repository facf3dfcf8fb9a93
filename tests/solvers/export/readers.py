"""Exported files, solved by programs that know nothing of this one."""

from __future__ import annotations

from pathlib import Path

import highspy
import pytest

from problems.instance import Instance
from problems.judge import judge
from solvers.export.export import Format, export
from solvers.export.values import solution_of
from tests.solvers.support import cost_of


def by_highs(path: Path) -> tuple[float, dict[str, float]]:
    """Objective and values of a linear file."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("mip_rel_gap", 1e-8)
    assert model.readModel(str(path)) == highspy.HighsStatus.kOk
    model.run()
    names = [model.getColName(column)[1] for column in range(model.getNumCol())]
    return model.getObjectiveValue(), dict(zip(names, model.getSolution().col_value, strict=True))


def by_scip(path: Path) -> tuple[float, dict[str, float]]:
    """Objective and values of a nonlinear file."""
    import pyscipopt

    model = pyscipopt.Model()
    model.hideOutput()
    model.readProblem(str(path))
    model.optimize()
    return model.getObjVal(), {variable.name: model.getVal(variable) for variable in model.getVars()}


def agrees(instance: Instance, path: Path, kind: Format, tolerance: float) -> None:
    """What another solver makes of the file is the optimum, by its own words and by the judge's."""
    export(instance, path, kind)
    objective, values = by_scip(path) if kind in ("nl", "cip") else by_highs(path)
    verdict = judge(instance, solution_of(instance, values, "another"))
    optimum = cost_of("exhaustive", instance)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(optimum, rel=tolerance)
    assert objective == pytest.approx(optimum, rel=tolerance)
