"""The costs of frames under caches."""

from __future__ import annotations

import numpy as np
import pytest

from problems.caches import mask_to_cache
from problems.episode import slots_of
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget
from solvers.frame.stage_costs import FrameCosts, listed_masks, stage_costs
from solvers.slot.costs import slot_costs
from tests.cases import as_instance, random_document, sampled


@pytest.mark.parametrize("seed", range(12))
def test_each_cost_is_that_of_the_exact_allocation_under_that_cache(seed: int) -> None:
    """With and without a deadline; the bound is below it, and is the cost where no deadline has a price."""
    instance = as_instance(random_document(seed, shape=(3, 2, 4)))
    masks = listed_masks(instance)[0]
    stages = stage_costs(instance, masks, Budget())
    assert stages is not None
    for f, held in enumerate(mask_to_cache(masks, 4)):
        slots = slots_of(instance, np.tile(held, (3, 1)))
        costs = slot_costs(slots, *ExactAllocation().allocate(slots)).reshape(3, 2).sum(axis=1)
        assert stages.cost[:, f] == pytest.approx(costs, rel=1e-11)
    assert (stages.bound <= stages.cost * (1 + 1e-12)).all()
    if not instance.system.couples_budgets:
        assert stages.bound == pytest.approx(stages.cost, rel=1e-11)


def test_no_costs_are_handed_over_when_the_time_is_up() -> None:
    instance = sampled("small")
    assert stage_costs(instance, listed_masks(instance)[0], Budget(time_limit_s=0.0)) is None


def test_a_slot_is_solved_once_for_each_thing_that_it_sees() -> None:
    """Models that nobody asks for make no difference, and what is known need not be learnt in time."""
    document = random_document(3, shape=(1, 2, 3), models=4, deadline=False)
    document["trace"]["request"] = [[[0, 1, -1], [1, -1, 0]]]
    costs = FrameCosts(as_instance(document), 0)
    assert costs.learn(np.array([0b01, 0b10]), Budget())
    assert costs.learn(np.array([0b0101, 0b1001, 0b1110]), Budget(time_limit_s=0.0))
    assert not costs.learn(np.array([0b11]), Budget(time_limit_s=0.0))
    cost, bound = costs.of(np.array([0b01, 0b0101, 0b1001, 0b10, 0b1110]))
    assert cost[0] == cost[1] == cost[2]
    assert cost[3] == cost[4]
    assert (bound <= cost * (1 + 1e-12)).all()
