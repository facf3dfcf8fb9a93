"""The portfolio: the optimum whoever proves it, within its limits, and no process left behind."""

from __future__ import annotations

import psutil
import pytest

from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.io.errors import InputError
from problems.judge import check_claims, judge
from problems.solution import Solution
from solvers.base import Budget
from solvers.registry import make_solver
from tests.cases import as_instance, random_document, random_feasible, sampled
from tests.slow import few
from tests.solvers.support import Remembering, cost_of

SLOW_START_S = 20.0
"""What starting three processes may take on a busy machine."""


def raced(
    instance: Instance, limit_s: float | None = None, start: Solution | None = None
) -> tuple[Solution, Remembering]:
    """The answer of a portfolio that races from the beginning."""
    report = Remembering()
    solver = make_solver("portfolio", {"head_start_s": 0.0})
    return solver.solve(instance, Budget(limit_s, start=start), report), report


def proved(instance: Instance, solution: Solution, optimum: float) -> None:
    verdict = judge(instance, solution)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(optimum, rel=1e-6)
    assert solution.status == "optimal"
    assert check_claims(instance, solution.signed(instance, "portfolio", "hindsight", verdict.cost), verdict) == []


@pytest.mark.parametrize("seed", few(4, range(8)))
def test_the_head_start_suffices_for_small_instances(seed: int) -> None:
    instance = as_instance(random_document(seed))
    begun = psutil.Process().children()
    solution = make_solver("portfolio").solve(instance, Budget(), Remembering())
    proved(instance, solution, cost_of("exhaustive", instance))
    assert solution.prices is not None
    assert psutil.Process().children() == begun


def more_models_than_branch_and_bound_takes() -> Instance:
    scenario = family_scenario("tiny", 0)
    models = tuple(scenario.models[i % 3].model_copy(update={"name": f"m{i}"}) for i in range(63))
    demand = scenario.demand.model_copy(update={"ranking": (tuple(range(63)),) * 3})
    return sample_instance(scenario.model_copy(update={"models": models, "demand": demand}), 0)


@pytest.mark.parametrize("kind", few(1, ["many models", "with a deadline", "without a deadline"]))
def test_a_race_ends_with_the_optimum_and_without_a_process(kind: str) -> None:
    if kind == "many models":
        instance, reference = more_models_than_branch_and_bound_takes(), "milp"
    else:
        instance, reference = as_instance(random_document(1, deadline=kind == "with a deadline")), "exhaustive"
    optimum = cost_of(reference, instance)
    begun = psutil.Process().children(recursive=True)
    solution, report = raced(instance)
    proved(instance, solution, optimum)
    costs = [judge(instance, incumbent).cost for incumbent in report.incumbents]
    assert costs == sorted(costs, reverse=True)
    assert report.bounds == sorted(report.bounds)
    assert max(report.bounds) <= optimum * (1 + 1e-9)
    assert psutil.Process().children(recursive=True) == begun


def test_stops_in_time_and_is_no_worse_than_its_start() -> None:
    instance = sampled("metro")
    start = random_feasible(instance, 0)
    budget = Budget(1.0, start=start)
    begun = psutil.Process().children(recursive=True)
    solution = make_solver("portfolio").solve(instance, budget, Remembering())
    assert budget.elapsed_s < 1.0 + SLOW_START_S
    assert solution.status in ("timeout", "optimal")
    assert solution.lower_bound is not None
    assert solution.lower_bound <= judge(instance, solution).cost <= judge(instance, start).cost
    assert psutil.Process().children(recursive=True) == begun


def test_without_any_time_the_answer_is_feasible() -> None:
    instance = sampled("small")
    solution, _ = raced(instance, limit_s=0.0)
    assert judge(instance, solution).feasible
    assert solution.status == "timeout"


def test_refuses_a_negative_head_start() -> None:
    with pytest.raises(InputError, match="head_start_s"):
        make_solver("portfolio", {"head_start_s": -1.0})
