"""``slsqp``: close to the optimum, feasible even when stopped at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from solvers.allocation.equal import EqualAllocation
from solvers.allocation.slsqp import SlsqpAllocation
from tests.solvers.slot.slot_cases import assert_feasible, optimal_slots, plain_costs, random_slots


@pytest.mark.parametrize("seed", range(5))
def test_feasible_when_stopped_at_once(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 2, 6))
    assert_feasible(slots, *SlsqpAllocation(max_iterations=1).allocate(slots))


def test_without_a_deadline_close_to_the_optimum() -> None:
    gaps = []
    for seed in range(20):
        document, slots, _ = random_slots(seed, shape=(2, 2, 5), deadline=False)
        cost = np.array(plain_costs(document, *SlsqpAllocation().allocate(slots)))
        best = np.array(plain_costs(document, *optimal_slots(document, slots.cached)))
        assert (cost >= best * (1 - 1e-9)).all()
        gaps.append((cost - best) / np.maximum(best, 1e-9))
    assert np.mean(gaps) < 5e-3
    assert np.max(gaps) < 0.2


@pytest.mark.parametrize("seed", range(10))
def test_with_a_deadline_better_than_the_equal_split(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 5), deadline=True)
    cost = sum(plain_costs(document, *SlsqpAllocation().allocate(slots)))
    assert cost <= sum(plain_costs(document, *EqualAllocation().allocate(slots))) * (1 + 1e-9)


@pytest.mark.parametrize("settings", [{"max_iterations": 0}, {"tolerance": 0.0}, {"tolerance": 1.0}])
def test_settings_are_checked(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        SlsqpAllocation(**settings)
