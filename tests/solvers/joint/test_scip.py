"""``scip`` against enumerations, and what it says while it runs."""

from __future__ import annotations

import numpy as np
import pytest

from problems.judge import check_claims, judge
from solvers.base import Budget, Silent
from solvers.registry import make_solver
from tests import independent
from tests.cases import as_instance, random_document, sampled
from tests.slow import few
from tests.solvers.support import BUSY_S, Remembering, cost_of, solve

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


def test_stops_in_time_with_its_best_answer() -> None:
    instance = sampled("deadline", 1, 0)
    budget = Budget(time_limit_s=0.7)
    solution = make_solver("scip").solve(instance, budget, Silent())
    optimum = cost_of("exhaustive", instance)
    assert budget.elapsed_s < 0.7 + BUSY_S
    assert judge(instance, solution).feasible
    assert solution.status in ("timeout", "optimal")
    assert solution.lower_bound is not None
    assert 0.9 * optimum < solution.lower_bound <= optimum


def test_an_expired_budget_gives_a_feasible_answer_that_says_timeout() -> None:
    instance = sampled("small")
    solution = make_solver("scip").solve(instance, Budget(time_limit_s=0.0), Silent())
    assert solution.status == "timeout"
    assert judge(instance, solution).feasible


def test_every_incumbent_is_feasible_and_better_than_the_one_before() -> None:
    instance = sampled("small", 0, 0)
    report = Remembering()
    solve("scip", instance, report=report)
    verdicts = [judge(instance, incumbent) for incumbent in report.incumbents]
    costs = [verdict.cost for verdict in verdicts]
    assert all(verdict.feasible for verdict in verdicts)
    assert costs == sorted(costs, reverse=True)
    assert len(costs) >= 2


def test_the_same_twice_and_quietly(capfd: pytest.CaptureFixture[str]) -> None:
    instance = as_instance(random_document(3, shape=SHAPE, deadline=True))
    first, second = solve("scip", instance), solve("scip", instance)
    for name in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.lower_bound == second.lower_bound
    assert capfd.readouterr() == ("", "")
