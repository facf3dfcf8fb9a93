"""A trained agent: its two policies over the online protocol."""

from __future__ import annotations

import numpy as np

from problems.episode import slots_of
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, Silent
from solvers.caching.online_optimal import OnlineOptimal
from solvers.slot.costs import slot_costs
from t2drl.training.loop import Training
from t2drl.training.state import agent_of
from tests.cases import sampled


def test_more_samples_are_no_worse_by_the_critic_and_feasible(learnt: Training) -> None:
    instance = sampled("small", 0, 1)
    slots = slots_of(instance, OnlineOptimal().plan(instance, Budget(), Silent()).cache)
    best = slot_costs(slots, *ExactAllocation().allocate(slots)).sum()
    chosen = slot_costs(slots, *agent_of(learnt).allocation(samples=8).allocate(slots)).sum()
    assert chosen < 1.02 * best


def test_a_slot_is_answered_the_same_in_any_company(learnt: Training) -> None:
    instance = sampled("small", 0, 1)
    slots = slots_of(instance, np.ones((instance.frames, len(instance.models)), dtype=bool))
    policy = agent_of(learnt).allocation()
    bandwidth, _ = policy.allocate(slots)
    alone = np.concatenate([policy.allocate(slots.take(slice(row, row + 1)))[0] for row in range(len(slots))])
    np.testing.assert_allclose(bandwidth, alone, rtol=1e-4)
