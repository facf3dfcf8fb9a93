"""Slots in scaled numbers: the same air times, costs and lateness as in seconds and shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from problems import physics
from solvers.allocation.equal import EqualAllocation
from solvers.slot.relaxation import LEAST_SHARE, ScaledAir, ScaledSlots, to_bandwidth
from solvers.slot.step_options import envelope_steps
from tests.solvers.slot.slot_cases import assert_feasible, late_slots, plain_costs, random_slots


@pytest.mark.parametrize("seed", range(5))
def test_scaled_air_time_is_air_time(seed: int) -> None:
    """Over twenty decades of gain, at and around the guessed shares; to the error of the series, 1e-6 of the whole."""
    _, slots, _ = random_slots(seed, shape=(2, 2, 5), idle=0.0)
    slots = replace(slots, gain=10.0 ** np.random.default_rng(seed).uniform(-20, 0, slots.gain.shape))
    air = ScaledAir.of(slots)
    assert (air.share.sum(axis=1) <= 1 + 1e-12).all()
    for x in (0.5, 1.0, 2.0):
        true = physics.air_time_s(air.share * x, slots.gain, slots.input_mb, slots.output_mb, slots.system)
        assert air.fixed_s + air.at(x) == pytest.approx(true, rel=1e-5)


@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_differences_in_scaled_cost_are_differences_in_cost(seed: int, deadline: bool) -> None:
    """Between options of steps at one bandwidth: a slot's costs differ by one factor, constants left out."""
    draw = late_slots if deadline else lambda seed, **options: random_slots(seed, deadline=False, **options)[:2]
    document, slots = draw(seed, shape=(1, 3, 4), idle=0.2)
    options = envelope_steps(slots)
    scaled = ScaledSlots.of(slots, options)
    rng = np.random.default_rng(seed)
    x = rng.uniform(0.5, 2.0, slots.request.shape)
    air = np.where(scaled.loaded, scaled.up / (x * np.log1p(scaled.snr / x)) + scaled.down / x, 0.0)
    share = np.where(scaled.loaded, scaled.share * x, LEAST_SHARE)
    found, expected = [], []
    for _ in range(4):
        j = rng.integers(0, options.shape[-1], slots.request.shape)[..., None]
        seconds, cost, steps = (
            np.take_along_axis(a, j, axis=2)[..., 0] for a in (scaled.seconds, scaled.cost, options)
        )
        late = scaled.late_weight[:, None] * np.maximum(0.0, air + seconds - scaled.slack)
        found.append(np.where(slots.active, scaled.air_weight[:, None] * air + cost + late, 0.0).sum(axis=1))
        expected.append(plain_costs(document, np.where(slots.active, share, 0.0), steps))
    for row in range(len(slots)):
        moved, truly = np.diff(np.array(found)[:, row]), np.diff(np.array(expected)[:, row])
        scale = np.abs(moved).max(initial=0.0)
        if scale > 1e-9:
            factor = truly[np.abs(moved).argmax()] / moved[np.abs(moved).argmax()]
            assert factor > 0
            assert truly == pytest.approx(factor * moved, rel=1e-4, abs=1e-4 * factor * scale)


def test_shares_that_are_nearly_right_become_a_bandwidth_that_is() -> None:
    _, slots, _ = random_slots(2, shape=(2, 2, 5), idle=0.3)
    rng = np.random.default_rng(0)
    shares = np.where(rng.random(slots.request.shape) < 0.3, -1e-9, rng.random(slots.request.shape))
    bandwidth = to_bandwidth(slots, shares)
    assert_feasible(slots, bandwidth, EqualAllocation().allocate(slots)[1])
    free = replace(slots, system=slots.system.model_copy(update={"latency_weight": 0.0, "deadline_s": None}))
    assert (to_bandwidth(free, shares) == EqualAllocation().allocate(free)[0]).all()
