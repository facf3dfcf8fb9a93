"""``exhaustive`` against enumerations that share nothing with it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from problems.instance import Instance
from problems.judge import check_claims, judge
from problems.solution import Solution
from solvers.base import Budget, Silent, Unsuitable
from solvers.registry import make_solver
from tests import independent
from tests.cases import as_instance, random_document, sampled


def solve(name: str, instance: Instance, seed: int = 0) -> Solution:
    return make_solver(name).solve(instance, Budget(seed=seed), Silent())


@pytest.mark.parametrize("seed", range(50))
def test_agrees_with_an_independent_enumeration(seed: int) -> None:
    document = random_document(seed, models=4 + seed % 2, deadline=False)
    instance = as_instance(document)
    solution = solve("exhaustive", instance)
    verdict = judge(instance, solution)
    best = independent.optimum(document)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(best.cost, rel=1e-9)
    assert solution.lower_bound == pytest.approx(best.cost, rel=1e-9)
    assert solution.status == "optimal"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("forced_edge", [False, True])
@pytest.mark.parametrize("load_cost", [0.0, 0.3])
def test_brute_force_confirms_it_on_tiny(seed: int, forced_edge: bool, load_cost: float) -> None:
    instance = with_system(sampled("tiny", seed, 1), forced_edge=forced_edge, load_cost_per_gb=load_cost)
    naive, quick = solve("brute-force", instance), solve("exhaustive", instance)
    assert naive.status == quick.status == "optimal"
    assert judge(instance, quick).cost == pytest.approx(judge(instance, naive).cost, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "deadline", "forced_edge"), [(0, 9.0, False), (2, 7.0, True), (3, 9.0, False)])
def test_brute_force_confirms_it_with_a_deadline(seed: int, deadline: float, forced_edge: bool) -> None:
    changed = {"deadline_s": deadline, "late_penalty": 1.0, "load_cost_per_gb": 0.3, "forced_edge": forced_edge}
    instance = with_system(sampled("tiny", seed, 1), **changed)
    naive, quick = solve("brute-force", instance), solve("exhaustive", instance)
    assert naive.status == quick.status == "optimal"
    assert judge(instance, quick).cost == pytest.approx(judge(instance, naive).cost, rel=1e-9)


def test_without_a_price_of_lateness_a_deadline_does_not_matter() -> None:
    instance = sampled("small", 1, 1)
    late = with_system(instance, deadline_s=1.0, late_penalty=0.0)
    assert judge(late, solve("exhaustive", late)).cost == judge(instance, solve("exhaustive", instance)).cost


def test_loading_costs_make_it_keep_models() -> None:
    instance = sampled("drift", 0, 0)
    free = with_system(instance, load_cost_per_gb=0.0)
    kept, changed = solve("exhaustive", instance), solve("exhaustive", free)
    assert judge(instance, kept).loaded_gb < judge(free, changed).loaded_gb
    assert judge(instance, kept).cost < judge(instance, changed).cost


def test_claims_hold_on_every_family() -> None:
    for family in ("tiny", "small", "paper", "drift", "deadline"):
        instance = sampled(family, 3, 0)
        solution = solve("exhaustive", instance)
        verdict = judge(instance, solution)
        signed = solution.signed(instance, "exhaustive", "hindsight", verdict.cost)
        assert verdict.feasible
        assert check_claims(instance, signed, verdict) == []
        assert signed.status == "optimal"


def test_an_empty_trace_costs_nothing() -> None:
    instance = sampled("tiny")
    silent = dataclasses.replace(instance.trace, request=np.full_like(instance.trace.request, -1))
    idle = dataclasses.replace(instance, trace=silent)
    solution = solve("exhaustive", idle)
    assert judge(idle, solution).cost == 0.0
    assert judge(idle, solution).feasible


def test_refuses_catalogues_too_large_to_enumerate() -> None:
    with pytest.raises(Unsuitable, match="at most 20 models; the catalogue has 40"):
        solve("exhaustive", sampled("metro"))


def test_an_expired_budget_gives_a_feasible_answer_that_says_timeout() -> None:
    instance = sampled("small")
    solution = make_solver("exhaustive").solve(instance, Budget(time_limit_s=0.0), Silent())
    assert solution.status == "timeout"
    assert judge(instance, solution).feasible


def with_system(instance: Instance, **changes: object) -> Instance:
    return dataclasses.replace(instance, system=instance.system.model_copy(update=changes))
