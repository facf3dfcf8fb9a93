"""The costs of frames under caches, and the cheapest way through them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from problems.caches import mask_to_cache
from problems.episode import slots_of
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget
from solvers.caching.exhaustive import cheapest_path
from solvers.frame.stage_costs import StageCosts, listed_masks, stage_costs
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


@pytest.mark.parametrize("seed", range(30))
def test_the_cheapest_path_is_that_of_all_sequences(seed: int) -> None:
    rng = np.random.default_rng(seed)
    models, frames = 3, 3
    masks = np.unique(np.append(rng.choice(8, 5), 0))
    cost = rng.uniform(0, 10, (frames, len(masks)))
    price = np.zeros(models) if seed % 5 == 0 else rng.choice([0.0, 0.5, 3.0, 20.0], models)

    def loading(before: int, after: int) -> float:
        return float(sum(price[m] for m in range(models) if after & ~before & (1 << m)))

    totals = {}
    for sequence in itertools.product(range(len(masks)), repeat=frames):
        held = [0, *(int(masks[f]) for f in sequence)]
        stages = sum(cost[t, f] for t, f in enumerate(sequence))
        totals[tuple(held[1:])] = stages + sum(loading(*pair) for pair in itertools.pairwise(held))
    path, value = cheapest_path(StageCosts(masks, cost, cost), cost, price)
    assert value == pytest.approx(min(totals.values()), rel=1e-12)
    assert totals[tuple(path.tolist())] == pytest.approx(value, rel=1e-12)
