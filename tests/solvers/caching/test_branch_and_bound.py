"""``branch-and-bound`` against ``exhaustive``, beyond it, and what it says when it is cut short."""

from __future__ import annotations

import dataclasses

import pytest

from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.judge import check_claims, judge
from problems.solution import Solution
from solvers.base import Budget, Silent, Unsuitable
from solvers.registry import make_solver
from tests.cases import as_instance, random_document, sampled
from tests.slow import few


def solve(name: str, instance: Instance, budget: Budget | None = None, **settings: object) -> Solution:
    return make_solver(name, settings).solve(instance, budget or Budget(), Silent())


@pytest.mark.parametrize("seed", few(4, range(25)))
def test_agrees_with_exhaustive_with_a_deadline(seed: int) -> None:
    instance = as_instance(random_document(seed, shape=(2, 2, 3), models=5, deadline=True))
    found, best = solve("branch-and-bound", instance), solve("exhaustive", instance)
    assert found.status == "optimal"
    assert judge(instance, found).cost == pytest.approx(judge(instance, best).cost, rel=1e-8)


@pytest.mark.parametrize("family", ["tiny", "small", "paper", "drift", "deadline"])
def test_agrees_with_exhaustive_on_the_families(family: str) -> None:
    for seed in (3,) if family == "deadline" else (3, 4):
        instance = sampled(family, seed, 1)
        found, best = solve("branch-and-bound", instance), solve("exhaustive", instance)
        verdict = judge(instance, found)
        assert verdict.cost == pytest.approx(judge(instance, best).cost, rel=1e-9)
        assert check_claims(instance, found.signed(instance, "b", "hindsight", verdict.cost), verdict) == []
        assert found.status == "optimal"


def test_certifies_a_city_that_cannot_be_enumerated() -> None:
    city = family_scenario("metro", 1).model_copy(update={"frames": 2, "slots": 3})
    instance = sample_instance(city, 0)
    solution = solve("branch-and-bound", instance)
    assert solution.status == "optimal"
    assert judge(instance, solution).cost <= judge(instance, solve("milp-relaxation", instance)).cost
    with pytest.raises(Unsuitable):
        solve("exhaustive", instance)


@pytest.mark.parametrize("load_cost", [0.0, 0.3])
def test_cut_short_it_brackets_the_optimum(load_cost: float) -> None:
    instance = sampled("paper", 2, 0)
    changed = instance.system.model_copy(update={"load_cost_per_gb": load_cost})
    instance = dataclasses.replace(instance, system=changed)
    best = judge(instance, solve("exhaustive", instance)).cost
    for solution in (
        solve("branch-and-bound", instance, most_caches=1),
        solve("branch-and-bound", instance, most_caches=3),
        solve("branch-and-bound", instance, Budget(time_limit_s=0.02)),
        solve("branch-and-bound", instance, Budget(time_limit_s=1e-9)),
    ):
        verdict = judge(instance, solution)
        assert verdict.feasible
        assert solution.lower_bound is not None
        assert solution.lower_bound <= best * (1 + 1e-9)
        assert verdict.cost >= best * (1 - 1e-9)
        assert solution.status in ("timeout", "feasible", "optimal")


def test_refuses_more_models_than_bits() -> None:
    scenario = family_scenario("tiny", 0)
    models = tuple(scenario.models[0].model_copy(update={"name": f"m{i}"}) for i in range(63))
    ranking = (tuple(range(63)),) * 3
    demand = scenario.demand.model_copy(update={"ranking": ranking})
    wide = scenario.model_copy(update={"models": models, "demand": demand})
    with pytest.raises(Unsuitable, match="at most 62 models; the catalogue has 63"):
        solve("branch-and-bound", sample_instance(wide, 0))
