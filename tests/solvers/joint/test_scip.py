"""``scip`` against enumerations, deadlines included."""

from __future__ import annotations

import pytest

from problems.judge import check_claims, judge
from tests import independent
from tests.cases import as_instance, random_document
from tests.slow import few
from tests.solvers.support import Remembering, cost_of, solve

pytest.importorskip("pyscipopt", reason="needs the extra scip")

SHAPE = (2, 2, 3)


@pytest.mark.parametrize("seed", few(8, range(25)))
def test_agrees_with_enumerations(seed: int) -> None:
    document = random_document(seed, shape=SHAPE)
    instance = as_instance(document)
    report = Remembering()
    solution = solve("scip", instance, report=report)
    verdict = judge(instance, solution)
    coupled = instance.system.couples_budgets
    optimum = cost_of("exhaustive", instance) if coupled else independent.optimum(document).cost
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(optimum, rel=1e-6)
    assert solution.status == "optimal"
    assert check_claims(instance, solution.signed(instance, "scip", "hindsight", verdict.cost), verdict) == []
    assert max(report.bounds) <= optimum * (1 + 1e-9)
    assert report.bounds == sorted(report.bounds)
