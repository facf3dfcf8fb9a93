"""``milp`` against ``exhaustive`` where a deadline couples the budgets, and what it says while it runs."""

from __future__ import annotations

import numpy as np
import pytest

from problems.instance import Instance
from problems.io.errors import InputError
from problems.judge import check_claims, judge
from solvers.base import Budget, Silent
from solvers.registry import make_solver
from tests.cases import as_instance, random_document, sampled
from tests.slow import few
from tests.solvers.support import BUSY_S, Remembering, cost_of, first_frames, silent, solve

SHAPE = (2, 2, 3)


def proved(instance: Instance, optimum: float, **settings: object) -> None:
    """The solver's answer is the optimum, proved, and no bound on the way exceeds it."""
    report = Remembering()
    solution = solve("milp", instance, report=report, **settings)
    verdict = judge(instance, solution)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(optimum, rel=1e-6)
    assert solution.status == "optimal"
    assert check_claims(instance, solution.signed(instance, "milp", "hindsight", verdict.cost), verdict) == []
    assert max(report.bounds) <= optimum * (1 + 1e-9)
    assert report.bounds == sorted(report.bounds)


@pytest.mark.parametrize("seed", few(5, range(25)))
@pytest.mark.parametrize("forced_edge", [False, True])
def test_agrees_with_the_exhaustive_search_with_a_deadline(seed: int, forced_edge: bool) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, deadline=True, forced_edge=forced_edge))
    proved(instance, cost_of("exhaustive", instance))


@pytest.mark.parametrize("seed", few(2, range(6)))
def test_cbc_gives_the_same(seed: int) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, deadline=seed % 2 == 0))
    proved(instance, cost_of("exhaustive", instance), backend="cbc")


@pytest.mark.parametrize("family", ["tiny", "small"])
def test_solves_the_small_families(family: str) -> None:
    instance = sampled(family, 1, 1)
    proved(instance, cost_of("exhaustive", instance))


def test_solves_a_frame_in_which_a_deadline_couples_the_budgets() -> None:
    instance = first_frames(sampled("deadline", 0, 0), 1)
    proved(instance, cost_of("exhaustive", instance))


@pytest.mark.parametrize(
    ("family", "backend"), few(2, [("drift", "highs"), ("deadline", "cbc"), ("drift", "cbc"), ("deadline", "highs")])
)
def test_stops_in_time_with_its_best_answer(family: str, backend: str) -> None:
    instance = sampled(family, 1, 0)
    solver = make_solver("milp", {"backend": backend})
    solver.solve(sampled("tiny"), Budget(), Silent())
    report = Remembering()
    budget = Budget(time_limit_s=0.7)
    solution = solver.solve(instance, budget, report)
    optimum = cost_of("exhaustive", instance)
    assert budget.elapsed_s < 0.7 + BUSY_S
    assert judge(instance, solution).feasible
    assert solution.status in ("timeout", "optimal")
    assert solution.lower_bound is not None
    assert 0.9 * optimum < solution.lower_bound <= optimum


def test_an_expired_budget_gives_a_feasible_answer_that_says_timeout() -> None:
    instance = sampled("small")
    solution = make_solver("milp").solve(instance, Budget(time_limit_s=0.0), Silent())
    assert solution.status == "timeout"
    assert judge(instance, solution).feasible


def test_every_incumbent_is_feasible_and_better_than_the_one_before() -> None:
    instance = sampled("small", 1, 0)
    report = Remembering()
    solve("milp", instance, report=report)
    verdicts = [judge(instance, incumbent) for incumbent in report.incumbents]
    costs = [verdict.cost for verdict in verdicts]
    assert all(verdict.feasible for verdict in verdicts)
    assert costs == sorted(costs, reverse=True)
    assert len(costs) >= 2


def test_the_same_twice() -> None:
    instance = as_instance(random_document(3, shape=SHAPE, deadline=True))
    first, second = solve("milp", instance), solve("milp", instance)
    for name in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert first.lower_bound == second.lower_bound


def test_an_empty_trace_costs_nothing() -> None:
    assert cost_of("milp", silent(sampled("tiny"))) == 0.0


def test_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    for backend in ("highs", "cbc"):
        solve("milp", sampled("tiny", 1, 1), backend=backend)
    assert capfd.readouterr() == ("", "")


def test_refuses_an_unknown_backend() -> None:
    with pytest.raises(InputError, match="backend"):
        make_solver("milp", {"backend": "glpk"})
