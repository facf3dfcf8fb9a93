"""What must hold of every solver: rules kept, no cost below the optimum, no bound above it."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from problems.instance import Instance
from problems.judge import judge
from problems.solution import Solution
from solvers.base import Budget, Silent, Unsuitable
from solvers.registry import make_solver
from tests.cases import as_instance, random_document
from tests.conformance.parts import ALLOCATION, CACHING, WHOLE
from tests.slow import few

SOLVERS = [*CACHING, *WHOLE]
PAIRS = [f"exhaustive+{name}" for name in ALLOCATION]


KINDS = [(False, False, True), (False, True, False), (True, False, False), (True, True, True)]
"""Deadline, forced edge, loading costs: every two of them in every way."""


@cache
def small(kind: int) -> tuple[Instance, float]:
    """An instance of at most four requests a frame and its optimum."""
    deadline, forced_edge, loading = KINDS[kind]
    options = {"deadline": deadline, "forced_edge": forced_edge, "loading": loading}
    document: dict[str, Any] = random_document(kind, shape=(2, 2, 2), models=3, **options)
    document["system"]["step_budget"] = min(document["system"]["step_budget"], 12)
    instance = as_instance(document)
    solution = make_solver("exhaustive").solve(instance, Budget(), Silent())
    assert solution.status == "optimal"
    return instance, judge(instance, solution).cost


def solved(name: str, instance: Instance) -> Solution | None:
    try:
        return make_solver(name).solve(instance, Budget(), Silent())
    except Unsuitable:
        return None


@pytest.mark.parametrize("name", [*SOLVERS, *PAIRS])
def test_no_solver_beats_the_optimum_and_no_bound_exceeds_it(name: str) -> None:
    """On instances with and without deadline, forced edge, loading costs and idle users."""
    answered = 0
    for kind in range(len(KINDS)):
        instance, least = small(kind)
        if name == "brute-force" and instance.system.deadline_s is not None:
            continue
        solution = solved(name, instance)
        if solution is None:
            continue
        answered += 1
        verdict = judge(instance, solution)
        assert verdict.violations == ()
        assert verdict.cost >= least * (1 - 1e-9)
        if solution.lower_bound is not None:
            assert solution.lower_bound <= least * (1 + 1e-9)
        if solution.status == "optimal":
            assert verdict.cost <= least * (1 + 2e-6)
    assert answered >= 2


@pytest.mark.parametrize("seed", few(1, range(6)))
def test_every_bound_is_below_every_cost(seed: int) -> None:
    instance = as_instance(random_document(seed, shape=(3, 2, 3), models=4))
    bounds, costs = {}, {}
    for name in SOLVERS:
        solution = solved(name, instance) if name != "brute-force" else None
        if solution is not None:
            costs[name] = judge(instance, solution).cost
            if solution.lower_bound is not None:
                bounds[name] = solution.lower_bound
    assert len(bounds) >= 2
    assert max(bounds.values()) <= min(costs.values()) * (1 + 1e-9)
