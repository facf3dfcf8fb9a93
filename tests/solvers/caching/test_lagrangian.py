"""The Lagrangian bound: never above the optimum, never below the LP's, and with its proof."""

from __future__ import annotations

import pytest

from problems.certificates.bound import certified_bound
from problems.judge import judge
from solvers.base import Budget, Silent
from solvers.caching.lagrangian import Lagrangian
from solvers.registry import make_solver
from tests.cases import as_instance, random_document, sampled
from tests.slow import few
from tests.solvers.support import Remembering, first_frames, solve


@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("seed", few(3, range(15)))
def test_between_the_lp_and_the_optimum(seed: int, deadline: bool) -> None:
    instance = as_instance(random_document(seed, shape=(2, 2, 3), deadline=deadline))
    solution = solve("lagrangian", instance)
    best = judge(instance, solve("exhaustive", instance)).cost
    relaxation = solve("milp-relaxation", instance)
    assert judge(instance, solution).feasible
    assert solution.lower_bound is not None
    assert relaxation.lower_bound is not None
    assert relaxation.lower_bound <= solution.lower_bound <= best * (1 + 1e-9)
    assert judge(instance, solution).cost <= judge(instance, relaxation).cost * (1 + 1e-12)


@pytest.mark.parametrize("name", ["lagrangian", "branch-and-bound", "local-search"])
@pytest.mark.parametrize("deadline", [False, True])
def test_bounds_are_streamed_with_the_prices_that_prove_them_or_the_most_of_them(name: str, deadline: bool) -> None:
    instance, report = as_instance(random_document(3, shape=(2, 2, 2), deadline=deadline)), Remembering()
    solution = make_solver(name).solve(instance, Budget(), report)
    assert report.bounds
    for bound, prices in zip(report.bounds, report.prices, strict=True):
        assert prices is not None
        assert 0.8 * bound < certified_bound(instance, prices) <= bound * (1 + 1e-9)
    assert solution.prices is not None


@pytest.mark.parametrize("family", ["small", "paper", "drift"])
def test_its_prices_alone_prove_the_lp_bound(family: str) -> None:
    instance = sampled(family, 2, 1)
    relaxation = solve("milp-relaxation", instance).lower_bound
    prices = Lagrangian().plan(instance, Budget(), Silent()).prices
    assert prices is not None
    assert certified_bound(instance, prices) == pytest.approx(relaxation, rel=1e-6)


def test_with_a_deadline_it_beats_the_lp() -> None:
    instance = first_frames(sampled("deadline", 0, 0), 3)
    lagrangian, relaxation = solve("lagrangian", instance), solve("milp-relaxation", instance)
    assert lagrangian.lower_bound is not None
    assert relaxation.lower_bound is not None
    assert lagrangian.lower_bound > relaxation.lower_bound * 1.005


def test_no_turns_and_no_time_still_give_a_valid_bound() -> None:
    instance = first_frames(sampled("deadline", 1, 0), 4)
    best = judge(instance, solve("exhaustive", instance)).cost
    short = solve("lagrangian", instance, turns=0)
    late = make_solver("lagrangian").solve(instance, Budget(time_limit_s=1e-9), Silent())
    for solution in (short, late):
        assert judge(instance, solution).feasible
        assert solution.lower_bound is not None
        assert 0 < solution.lower_bound <= best


def test_nobody_is_thought_to_take_more_steps_than_a_slot_has() -> None:
    """On this instance the budget of 40 steps is less than what a request would take; steps then have no price."""
    instance = sampled("tiny", 0, 0)
    cost = judge(instance, solve("exhaustive", instance)).cost
    prices = Lagrangian().plan(instance, Budget(), Silent()).prices
    assert prices is not None
    assert certified_bound(instance, prices) == pytest.approx(cost, rel=1e-6)
