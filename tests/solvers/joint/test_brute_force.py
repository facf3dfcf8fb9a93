"""``brute-force``: what it enumerates, refuses and proves."""

from __future__ import annotations

import dataclasses
from itertools import product
from typing import Any

import numpy as np
import pytest

from problems.instance import Instance
from problems.judge import judge
from problems.solution import Solution
from solvers.base import Budget, Silent, Unsuitable
from solvers.joint.brute_force import BruteForce, _splits
from tests import independent
from tests.cases import as_instance, random_document, random_feasible, sampled
from tests.slow import few
from tests.solvers.support import cost_of, solve


def small(seed: int, **options: Any) -> Instance:
    """One frame, one or two users, few steps: quick even with a deadline."""
    document = random_document(seed, **({"shape": (1, 2, 2), "models": 3, "idle": 0.2} | options))
    document["system"]["step_budget"] = 6
    for model in document["models"]:
        model.update(steps_low=2, steps_high=6.5)
    return as_instance(document)


@pytest.mark.parametrize(("budget", "users"), [(0, 1), (0, 3), (1, 4), (5, 1), (6, 3)])
def test_the_splits_are_all_there_are(budget: int, users: int) -> None:
    expected = [split for split in product(range(budget + 1), repeat=users) if sum(split) <= budget]
    assert _splits(budget, users).tolist() == [list(split) for split in expected]


def test_few_splits_among_many_users_are_found_at_once() -> None:
    """(3 + 20 choose 20) = 1,771 of them, among 4^20 combinations."""
    splits = _splits(3, 20)
    assert splits.shape == (1771, 20)
    assert len(np.unique(splits, axis=0)) == 1771
    assert splits.sum(axis=1).max() == 3


@pytest.mark.parametrize("seed", few(3, range(12)))
def test_agrees_with_the_independent_optimum_without_a_deadline(seed: int) -> None:
    instance = small(seed, shape=(3, 2, 2), deadline=False)
    solution = solve("brute-force", instance)
    verdict = judge(instance, solution)
    best = independent.optimum(instance.document).cost
    assert verdict.feasible
    assert verdict.cost == pytest.approx(best, rel=1e-9)
    assert solution.lower_bound == pytest.approx(best, rel=1e-9)
    assert solution.status == "optimal"


@pytest.mark.parametrize("seed", few(1, range(4)))
def test_with_a_deadline_its_bound_is_met_and_nothing_is_cheaper(seed: int) -> None:
    instance = small(seed, deadline=True)
    solution = solve("brute-force", instance)
    best = judge(instance, solution).cost
    assert solution.status == "optimal"
    assert solution.lower_bound is not None
    assert best * (1 - 1e-8) <= solution.lower_bound <= best * (1 + 1e-9)
    for other in ("exhaustive", "static", "none", "lru+equal"):
        assert cost_of(other, instance) >= solution.lower_bound * (1 - 1e-9)
    assert cost_of("exhaustive", instance) == pytest.approx(best, rel=1e-8)
    for draw in range(100):
        assert judge(instance, random_feasible(instance, draw)).cost >= solution.lower_bound * (1 - 1e-9)


@pytest.mark.parametrize("deadline", [False, True])
def test_a_slot_without_anybody(deadline: bool) -> None:
    instance = small(1, shape=(1, 2, 1), deadline=deadline)
    request = instance.trace.request.copy()
    request[0, 1] = -1
    quiet = dataclasses.replace(instance, trace=dataclasses.replace(instance.trace, request=request))
    solution = solve("brute-force", quiet)
    assert judge(quiet, solution).feasible
    assert solution.status == "optimal"


@pytest.mark.parametrize(
    ("instance", "reason"),
    [
        (sampled("metro"), "40 models have 2"),
        (sampled("drift"), "at most 64 caches; [0-9]+ fit"),
        (sampled("small"), "at most 20000 splits of the steps; a slot has 1929501"),
    ],
)
def test_refuses_what_is_too_large(instance: Instance, reason: str) -> None:
    with pytest.raises(Unsuitable, match=reason):
        solve("brute-force", instance)


@pytest.mark.parametrize("forced_edge", few(1, [True, False]))
def test_without_time_it_answers_with_empty_caches(forced_edge: bool) -> None:
    instance = small(2, shape=(1, 1, 2), deadline=True, forced_edge=forced_edge)
    solution: Solution = BruteForce().solve(instance, Budget(time_limit_s=0.0), Silent())
    assert solution.status == "timeout"
    assert solution.lower_bound is None
    assert judge(instance, solution).feasible
    assert not solution.cache.any()
