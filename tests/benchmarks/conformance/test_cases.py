"""Every case is an instance whose optimum others confirm."""

from __future__ import annotations

import json

import pytest

from benchmarks.conformance.cases import Case, cases, certified_optimum
from problems.instance import from_document
from problems.judge import judge
from solvers.base import Budget, Silent
from solvers.registry import make_solver
from tests import independent
from tests.benchmarks.conformance.support import FEW


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name, marks=[] if case.name in FEW else [pytest.mark.slow]) for case in cases()],
)
def test_the_cases_are_instances_with_an_optimum_that_others_confirm(case: Case) -> None:
    document = json.loads(json.dumps(case.instance.document))
    assert from_document(document).sha256 == case.instance.sha256
    optimum = certified_optimum(case.instance)
    if case.name == "deadline" or not case.instance.system.couples_budgets:
        naive = make_solver("brute-force").solve(case.instance, Budget(), Silent())
        assert naive.status == "optimal"
        assert judge(case.instance, naive).cost == pytest.approx(optimum, rel=1e-9)
    if not case.instance.system.couples_budgets and case.instance.active_requests:
        assert independent.optimum(document).cost == pytest.approx(optimum, rel=1e-7)


def test_the_cases_differ() -> None:
    assert len({case.instance.sha256 for case in cases()}) == len({case.name for case in cases()}) == 27
