"""A slot with continuous steps as local solvers take it: value, gradient, limits and starts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from solvers.slot.nonconvex_relaxation import SlotRelaxation, relaxations
from tests.solvers.slot.slot_cases import plain_costs, random_slots


def inner_point(slot: SlotRelaxation, rng: np.random.Generator) -> np.ndarray:
    """A random z inside the bounds, of shares up to three times the guess; with probability 1 no kink."""
    low, high = np.array(slot.bounds).reshape(-1, 2).T
    return low + (np.minimum(high, 3.0) - low) * rng.uniform(0.2, 0.9, slot.size)


@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_the_gradient_is_that_of_the_value(seed: int, deadline: bool) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 1, 5), deadline=deadline)
    rng = np.random.default_rng(seed)
    for slot in relaxations(slots):
        z = inner_point(slot, rng)
        numeric = approx_fprime(z, lambda at, slot=slot: slot.value_and_gradient(at)[0], 1e-7)
        assert slot.value_and_gradient(z)[1] == pytest.approx(numeric, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("seed", range(10))
def test_at_whole_steps_the_relaxation_is_the_true_cost(seed: int) -> None:
    """Up to one scale and one constant: differences between points have one ratio."""
    document, slots, _ = random_slots(seed, shape=(1, 1, 5), deadline=True)
    (slot,) = relaxations(slots)
    rng = np.random.default_rng(seed)
    values, costs = [], []
    for _ in range(4):
        z = inner_point(slot, rng)
        by_steps = np.flatnonzero([np.any(slot.point(z + step)[1] != slot.point(z)[1]) for step in np.eye(slot.size)])
        z[by_steps] = np.ceil(z[by_steps] * slots.system.step_budget) / slots.system.step_budget
        shares, steps = slot.point(z)
        bandwidth = np.where(slots.active, np.maximum(shares, 1e-12), 0.0)
        values.append(slot.value_and_gradient(z)[0])
        costs.append(plain_costs(document, bandwidth, np.round(steps)[None])[0])
    ratios = np.diff(costs) / np.diff(values)
    assert ratios == pytest.approx(np.full(3, ratios[0]), rel=1e-5)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("start", [SlotRelaxation.equal_start, SlotRelaxation.greedy_start])
def test_starts_are_within_the_limits(seed: int, start: Callable[[SlotRelaxation], np.ndarray]) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 2, 5))
    for slot in relaxations(slots):
        z = start(slot)
        low, high = np.array(slot.bounds).reshape(-1, 2).T
        assert (z >= low).all()
        assert (z <= high).all()
        assert all(limit["fun"](z) >= -1e-9 for limit in slot.constraints)
