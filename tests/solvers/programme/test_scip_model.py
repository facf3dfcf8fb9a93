"""SCIP's model of the programme, in its own file format too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from solvers.programme.formulation import formulate
from solvers.programme.scip_model import scip_model
from tests.cases import as_instance, random_document
from tests.solvers.export.readers import agrees
from tests.solvers.support import cost_of

pytest.importorskip("pyscipopt", reason="needs the extra scip")

SHAPE = (2, 2, 2)


@pytest.mark.parametrize("seed", range(8))
def test_cip_files_are_exact(seed: int, tmp_path: Path) -> None:
    agrees(as_instance(random_document(seed, shape=SHAPE, models=3)), tmp_path / "a.cip", "cip", 1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_with_bandwidth_as_a_decision_the_optimum_is_the_same(seed: int) -> None:
    """Where lateness has no price too; and its variables are the programme's columns."""
    instance = as_instance(random_document(seed, shape=SHAPE, models=3, deadline=False))
    formulation = formulate(instance, with_bandwidth=True)
    model, variables = scip_model(formulation.programme)
    model.optimize()
    assert [variable.name for variable in variables] == list(formulation.programme.names)
    assert model.getObjVal() / instance.active_requests == pytest.approx(cost_of("exhaustive", instance), rel=1e-6)
    x = np.array([model.getVal(variable) for variable in variables])
    assert formulation.programme.value(x) == pytest.approx(model.getObjVal(), rel=1e-9)
