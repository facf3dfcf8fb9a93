"""The allocations ``exact`` and ``equal``: optimal, or at least what nothing close by improves; row by row."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from problems.episode import Slots
from problems.families.drawn import FAMILIES
from problems.instance import Instance
from solvers.allocation.equal import EqualAllocation
from solvers.allocation.exact import ExactAllocation
from solvers.base import AllocationStrategy
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.costs import air_time, slot_costs
from solvers.slot.steps import optimal_steps
from tests import independent
from tests.cases import as_instance, random_document, random_feasible, sampled
from tests.solvers.slot import slot_cases
from tests.solvers.slot.slot_cases import assert_feasible, optimal_slots, random_slots
from tests.solvers.support import judged, slots_where, with_system

STRATEGIES = [ExactAllocation(), EqualAllocation()]
EVERY = pytest.mark.parametrize("strategy", STRATEGIES, ids=["exact", "equal"])


def late(seed: int, **options: Any) -> tuple[Any, Slots]:
    """A random document with a deadline that bites and matters, and its slots."""
    document, slots, _ = random_slots(seed, deadline=True, **options)
    document["system"].update(deadline_s=3.0 + seed % 6, late_penalty=(0.3, 1.0, 20.0)[seed % 3])
    return document, dataclasses.replace(slots, system=as_instance(document).system)


@EVERY
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", [None, 1])
def test_feasible_on_every_family(strategy: AllocationStrategy, family: str, seed: int | None) -> None:
    slots = slots_where(sampled(family), seed)
    assert_feasible(slots, *strategy.allocate(slots))


@EVERY
@pytest.mark.parametrize("seed", range(25))
def test_feasible_on_random_documents(strategy: AllocationStrategy, seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(3, 3, 1 + seed % 6), idle=(0.0, 0.3, 0.9)[seed % 3])
    assert_feasible(slots, *strategy.allocate(slots))


@EVERY
@pytest.mark.parametrize("budget", [0, 1, 2, 3])
def test_feasible_where_steps_are_scarce_or_there_are_none(strategy: AllocationStrategy, budget: int) -> None:
    instance = as_instance(random_document(7, shape=(3, 4, 5), idle=0.2, forced_edge=False))
    slots = slots_where(with_system(instance, step_budget=budget))
    assert_feasible(slots, *strategy.allocate(slots))


@EVERY
@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_rows_do_not_touch_each_other(strategy: AllocationStrategy, deadline: bool, seed: int) -> None:
    """A batch is its slots one by one, to the last bit, in whatever order and company."""
    _, slots = late(seed, shape=(3, 3, 4)) if deadline else random_slots(seed, shape=(3, 3, 4), deadline=False)[:2]
    bandwidth, steps = strategy.allocate(slots)
    for row in range(len(slots)):
        alone = strategy.allocate(slots.take(slice(row, row + 1)))
        assert (alone[0][0] == bandwidth[row]).all()
        assert (alone[1][0] == steps[row]).all()
    order = np.random.default_rng(seed).permutation(len(slots))
    shuffled = strategy.allocate(slots.take(order))
    assert (shuffled[0] == bandwidth[order]).all()
    assert (shuffled[1] == steps[order]).all()


@EVERY
def test_no_slots_at_all_are_allocated_too(strategy: AllocationStrategy) -> None:
    slots = slots_where(sampled("tiny")).take(slice(0, 0))
    bandwidth, steps = strategy.allocate(slots)
    assert bandwidth.shape == steps.shape == (0, 2)


@pytest.mark.parametrize("seed", range(30))
def test_exact_is_optimal_without_a_deadline(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 3, 4), deadline=False)
    found = slot_cases.slot_costs(document, *ExactAllocation().allocate(slots))
    best = slot_cases.slot_costs(document, *optimal_slots(document, slots.cached))
    assert found == pytest.approx(best, rel=1e-10)


@pytest.mark.parametrize("seed", range(6))
def test_a_deadline_that_nobody_misses_changes_nothing(seed: int) -> None:
    document = random_document(seed, deadline=False)
    free = as_instance(document)
    roomy = with_system(free, deadline_s=1e9, late_penalty=1.0)
    costs = [slot_costs(slots_where(i), *ExactAllocation().allocate(slots_where(i))) for i in (free, roomy)]
    assert costs[1] == pytest.approx(costs[0], rel=1e-11)


@pytest.mark.parametrize("seed", range(30))
def test_with_a_deadline_it_is_never_worse_than_blind_to_it_or_equal(seed: int) -> None:
    _, slots = late(seed, shape=(2, 4, 4))
    found = slot_costs(slots, *ExactAllocation().allocate(slots))
    blind_bandwidth, blind_steps = optimal_bandwidth(slots)[0], optimal_steps(slots)[0]
    assert (found <= slot_costs(slots, blind_bandwidth, blind_steps) * (1 + 1e-12)).all()
    assert (found <= slot_costs(slots, *EqualAllocation().allocate(slots)) * (1 + 1e-12)).all()


@pytest.mark.parametrize("seed", range(10))
def test_with_a_deadline_no_small_exchange_improves_it(seed: int) -> None:
    """Exchanges of bandwidth or of steps between any two users, by the plain formulas."""
    document, slots = late(seed, shape=(1, 3, 4), idle=0.2)
    bandwidth, steps = ExactAllocation().allocate(slots)
    found = np.array(slot_cases.slot_costs(document, bandwidth, steps))
    edge = slots.active & slots.cached
    spare = slots.system.step_budget - steps.sum(axis=1)
    for giver in range(4):
        for taker in range(4):
            for part in (0.3, 1e-2, 1e-5):
                moved = bandwidth.copy()
                amount = np.where(slots.active[:, giver] & slots.active[:, taker], part * bandwidth[:, giver], 0.0)
                moved[:, giver] -= amount
                moved[:, taker] += amount
                assert (np.array(slot_cases.slot_costs(document, moved, steps)) >= found * (1 - 1e-9)).all()
            for count in (1, 3, 8):
                other = steps.copy()
                least = 1 if slots.system.forced_edge else 0
                possible = edge[:, taker] & edge[:, giver] & (steps[:, giver] >= least + count) & (giver != taker)
                other[:, giver] -= np.where(possible, count, 0)
                other[:, taker] += np.where(possible, count, 0)
                assert (np.array(slot_cases.slot_costs(document, bandwidth, other)) >= found * (1 - 1e-12)).all()
                more = steps.copy()
                more[:, taker] += np.where(edge[:, taker] & (spare >= count), count, 0)
                assert (np.array(slot_cases.slot_costs(document, bandwidth, more)) >= found * (1 - 1e-12)).all()


@pytest.mark.parametrize("seed", range(10))
def test_the_searched_cost_is_the_judged_one(seed: int) -> None:
    """``slot_costs`` and the judge agree on any feasible decisions."""
    instance = as_instance(random_document(seed))
    slots = slots_where(instance)
    if instance.system.forced_edge:
        steps = EqualAllocation().allocate(slots)[1]
    else:
        steps = random_feasible(instance, seed).steps.reshape(slots.request.shape)
    bandwidth = random_feasible(instance, seed).bandwidth.reshape(slots.request.shape)
    verdict = judged(slots, instance, bandwidth, steps)
    assert verdict.feasible
    total = (verdict.cost - verdict.loading_cost) * verdict.active_requests
    assert slot_costs(slots, bandwidth, steps).sum() == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_equal_shares_are_equal(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 3, 5))
    bandwidth, steps = EqualAllocation().allocate(slots)
    useful = np.maximum(np.ceil(slots.catalogue.steps_high[slots.request]), 1)
    for row, active in enumerate(slots.active):
        edge = active & slots.cached[row]
        assert len(set(bandwidth[row, active])) <= 1
        assert bandwidth[row].sum() == pytest.approx(1.0 if active.any() else 0.0)
        share = slots.system.step_budget // max(edge.sum(), 1)
        assert (steps[row, edge] == np.minimum(share, useful[row, edge])).all()


def test_air_time_is_that_of_the_plain_formula() -> None:
    document, slots, _ = random_slots(3, shape=(2, 2, 3), idle=0.3)
    bandwidth = np.random.default_rng(0).uniform(0.01, 1, slots.request.shape)
    seconds = air_time(slots, bandwidth)
    assert (seconds[~slots.active] == 0).all()
    for row, requests in enumerate(slot_cases.requests_of(document)):
        for n, request in requests.items():
            expected = independent.air_time(document["system"], request, float(bandwidth[row, n]))
            assert seconds[row, n] == pytest.approx(expected, rel=1e-13)


def test_an_unpriced_deadline_is_no_deadline() -> None:
    instance: Instance = sampled("deadline")
    unpriced, none = with_system(instance, late_penalty=0.0), with_system(instance, deadline_s=None)
    for first, second in zip(*(ExactAllocation().allocate(slots_where(i)) for i in (unpriced, none)), strict=True):
        assert (first == second).all()
