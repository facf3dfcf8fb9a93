"""``exact``: optimal where that can be enumerated, elsewhere at least what nothing close by improves."""

from __future__ import annotations

import numpy as np
import pytest

from problems.instance import Instance
from solvers.allocation.equal import EqualAllocation
from solvers.allocation.exact import ExactAllocation
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.costs import slot_costs
from solvers.slot.coupled import coupled_allocation
from solvers.slot.steps import optimal_steps
from tests.cases import as_instance, random_document, sampled
from tests.solvers.slot.slot_cases import late_slots, optimal_slots, plain_costs, random_slots
from tests.solvers.support import slots_where, with_system


@pytest.mark.parametrize("seed", range(30))
def test_optimal_without_a_deadline(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 3, 4), deadline=False)
    found = plain_costs(document, *ExactAllocation().allocate(slots))
    best = plain_costs(document, *optimal_slots(document, slots.cached))
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
    _, slots = late_slots(seed, shape=(2, 4, 4))
    found = slot_costs(slots, *ExactAllocation().allocate(slots))
    blind_bandwidth, blind_steps = optimal_bandwidth(slots)[0], optimal_steps(slots)[0]
    assert (found <= slot_costs(slots, blind_bandwidth, blind_steps) * (1 + 1e-12)).all()
    assert (found <= slot_costs(slots, *EqualAllocation().allocate(slots)) * (1 + 1e-12)).all()


@pytest.mark.parametrize("seed", range(10))
def test_with_a_deadline_no_small_exchange_improves_it(seed: int) -> None:
    """Exchanges of bandwidth or of steps between any two users, by the plain formulas."""
    document, slots = late_slots(seed, shape=(1, 3, 4), idle=0.2)
    bandwidth, steps = ExactAllocation().allocate(slots)
    found = np.array(plain_costs(document, bandwidth, steps))
    edge = slots.active & slots.cached
    spare = slots.system.step_budget - steps.sum(axis=1)
    for giver in range(4):
        for taker in range(4):
            for part in (0.3, 1e-2, 1e-5):
                moved = bandwidth.copy()
                amount = np.where(slots.active[:, giver] & slots.active[:, taker], part * bandwidth[:, giver], 0.0)
                moved[:, giver] -= amount
                moved[:, taker] += amount
                assert (np.array(plain_costs(document, moved, steps)) >= found * (1 - 1e-9)).all()
            for count in (1, 3, 8):
                other = steps.copy()
                least = 1 if slots.system.forced_edge else 0
                possible = edge[:, taker] & edge[:, giver] & (steps[:, giver] >= least + count) & (giver != taker)
                other[:, giver] -= np.where(possible, count, 0)
                other[:, taker] += np.where(possible, count, 0)
                assert (np.array(plain_costs(document, bandwidth, other)) >= found * (1 - 1e-12)).all()
                more = steps.copy()
                more[:, taker] += np.where(edge[:, taker] & (spare >= count), count, 0)
                assert (np.array(plain_costs(document, bandwidth, more)) >= found * (1 - 1e-12)).all()


def test_an_unpriced_deadline_is_no_deadline() -> None:
    instance: Instance = sampled("deadline")
    unpriced, none = with_system(instance, late_penalty=0.0), with_system(instance, deadline_s=None)
    for first, second in zip(*(ExactAllocation().allocate(slots_where(i)) for i in (unpriced, none)), strict=True):
        assert (first == second).all()


def test_where_a_deadline_couples_the_budgets_it_is_the_branch_and_bound_of_the_slot() -> None:
    _, slots = late_slots(5, shape=(2, 2, 4))
    found = slot_costs(slots, *ExactAllocation().allocate(slots))
    _, _, cost, bound = coupled_allocation(slots, np.arange(len(slots)), slots.cached, 1e-9, 10_000)
    assert found == pytest.approx(cost, rel=1e-9)
    assert (bound <= found * (1 + 1e-12)).all()
