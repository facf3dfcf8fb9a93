"""What must hold of every solver that takes a start: never worse than it, and at the end where it would be anyway."""

from __future__ import annotations

from functools import cache

import pytest

from problems.instance import Instance
from problems.judge import judge
from problems.solution import Solution
from solvers.base import Budget
from solvers.registry import make_solver
from tests.cases import as_instance, random_document, random_feasible, sampled
from tests.conformance.parts import PROGRAMME_SOLVERS
from tests.solvers.support import Remembering, cost_of, solve


def started(
    name: str, instance: Instance, start: Solution, limit_s: float | None = None
) -> tuple[Solution, Remembering]:
    report = Remembering()
    return make_solver(name).solve(instance, Budget(limit_s, start=start), report), report


@cache
def small_optimum(seed: int) -> tuple[Instance, float]:
    """Every second with a deadline, every second pair with a price of loading."""
    instance = as_instance(random_document(seed, shape=(2, 2, 3), deadline=seed % 2 == 1, loading=seed > 1))
    return instance, cost_of("exhaustive", instance)


@pytest.mark.parametrize("name", PROGRAMME_SOLVERS)
def test_a_bad_start_does_no_harm(name: str) -> None:
    assert make_solver(name).capabilities.takes_start
    for seed in range(4):
        instance, optimum = small_optimum(seed)
        solution, report = started(name, instance, random_feasible(instance, seed))
        assert judge(instance, solution).cost == pytest.approx(optimum, rel=1e-6)
        costs = [judge(instance, incumbent).cost for incumbent in report.incumbents]
        assert costs == sorted(costs, reverse=True)


@cache
def well_started(family: str) -> tuple[Instance, Solution]:
    instance = sampled(family, 1)
    return instance, solve("branch-and-bound" if family == "small" else "local-search", instance)


@pytest.mark.parametrize("name", PROGRAMME_SOLVERS)
@pytest.mark.parametrize("family", ["small", "drift"])
def test_without_any_time_the_start_is_kept(name: str, family: str) -> None:
    """``drift`` has too many requests for bonmin in one programme, so that it is asked about ``deadline`` instead."""
    instance, start = well_started("deadline" if (name, family) == ("bonmin", "drift") else family)
    cost = judge(instance, start).cost
    solution, report = started(name, instance, start, limit_s=0.0)
    assert judge(instance, solution).cost <= cost
    assert judge(instance, report.incumbents[0]).cost == cost


@pytest.mark.parametrize("name", PROGRAMME_SOLVERS)
def test_the_caches_of_a_start_are_allocated_exactly(name: str) -> None:
    instance = sampled("small", 2)
    optimal = solve("exhaustive", instance)
    poor = solve("exhaustive+equal", instance)
    solution, _ = started(name, instance, poor, limit_s=30.0)
    assert judge(instance, solution).cost == pytest.approx(judge(instance, optimal).cost, rel=1e-6)


def test_others_promise_no_such_thing() -> None:
    for name in ("lru", "exhaustive", "lagrangian", "brute-force"):
        assert not make_solver(name).capabilities.takes_start
