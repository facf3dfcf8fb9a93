"""What must hold of every solver that hands the whole programme to a library: in time, quietly, the same twice."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from problems.judge import judge
from solvers.base import Budget, Silent
from solvers.registry import make_solver
from tests.cases import as_instance, random_document, sampled
from tests.conformance.parts import PROGRAMME_SOLVERS
from tests.slow import few
from tests.solvers.support import BUSY_S, Remembering, cost_of, solve

EVERY = pytest.mark.parametrize("name", PROGRAMME_SOLVERS)
LIMIT_S = 0.5


@cache
def optimum(family: str) -> float:
    return cost_of("exhaustive", sampled(family, 1, 0))


def stops_in_time(name: str, family: str, **settings: Any) -> None:
    """With its best answer, and what it has proved by then."""
    instance, solver = sampled(family, 1, 0), make_solver(name, settings)
    solver.solve(sampled("tiny"), Budget(), Silent())
    budget = Budget(time_limit_s=LIMIT_S)
    solution = solver.solve(instance, budget, Silent())
    assert budget.elapsed_s < LIMIT_S + BUSY_S
    assert judge(instance, solution).feasible
    assert solution.status in ("timeout", "optimal")
    assert (solution.lower_bound is not None) == solver.capabilities.gives_bound
    if solution.lower_bound is not None:
        assert 0.9 * optimum(family) < solution.lower_bound <= optimum(family)


@EVERY
def test_stops_in_time_with_its_best_answer(name: str) -> None:
    stops_in_time(name, "deadline")


@pytest.mark.parametrize(("family", "backend"), few(1, [("drift", "cbc"), ("drift", "highs"), ("deadline", "cbc")]))
def test_so_does_milp_with_either_backend_where_frames_are_coupled_too(family: str, backend: str) -> None:
    stops_in_time("milp", family, backend=backend)


@EVERY
def test_an_expired_budget_gives_a_feasible_answer_that_says_timeout(name: str) -> None:
    instance = sampled("small")
    solution = make_solver(name).solve(instance, Budget(time_limit_s=0.0), Silent())
    assert solution.status == "timeout"
    assert judge(instance, solution).feasible


@EVERY
def test_every_incumbent_is_feasible_and_better_than_the_one_before(name: str) -> None:
    instance, report = sampled("small", 0, 0), Remembering()
    solve(name, instance, report=report)
    verdicts = [judge(instance, incumbent) for incumbent in report.incumbents]
    costs = [verdict.cost for verdict in verdicts]
    assert all(verdict.feasible for verdict in verdicts)
    assert costs == sorted(costs, reverse=True)
    assert len(costs) >= 2


@EVERY
def test_the_same_twice_and_quietly(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    instance = as_instance(random_document(3, shape=(2, 2, 3), deadline=True))
    first, second = solve(name, instance), solve(name, instance)
    for field in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(first, field), getattr(second, field))
    assert first.lower_bound == second.lower_bound
    assert capfd.readouterr() == ("", "")
