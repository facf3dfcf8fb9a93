from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from problems import physics
from problems.episode import Slots
from solvers.allocation.equal import EqualAllocation
from solvers.slot.rounding import round_steps
from solvers.slot.step_options import step_range
from tests.solvers.slot.slot_cases import assert_feasible, optimal_slots, plain_costs, random_slots


def equal_bandwidth(slots: Slots) -> np.ndarray:
    return EqualAllocation().allocate(slots)[0]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_rounded_the_steps_are_feasible(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(3, 2, 6))
    bandwidth = equal_bandwidth(slots)
    rng = np.random.default_rng(seed)
    for scale in (1.0, 30.0, 1e30):
        fractional = rng.uniform(-0.2 * scale, scale, slots.request.shape)
        assert_feasible(slots, bandwidth, round_steps(slots, bandwidth, fractional))


@pytest.mark.parametrize("seed", range(40))
def test_never_dearer_than_rounding_down(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(3, 2, 6))
    bandwidth = equal_bandwidth(slots)
    fewest, most = step_range(slots)
    rng = np.random.default_rng(seed)
    spare = slots.system.step_budget - fewest.sum(axis=1, keepdims=True)
    extra = rng.random(fewest.shape) * (most - fewest)
    extra *= np.minimum(1.0, spare / np.maximum(extra.sum(axis=1, keepdims=True), 1e-9))
    fractional = fewest + extra
    down = np.floor(fractional).astype(int)
    assert_feasible(slots, bandwidth, down)
    rounded = np.array(plain_costs(document, bandwidth, round_steps(slots, bandwidth, fractional)))
    assert (rounded <= np.array(plain_costs(document, bandwidth, down)) * (1 + 1e-12)).all()


@pytest.mark.parametrize("seed", range(20))
def test_an_optimum_is_left_as_good_as_it_is(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 4), deadline=False)
    bandwidth, steps = optimal_slots(document, slots.cached)
    rounded = round_steps(slots, bandwidth, steps + 1e-7)
    assert plain_costs(document, bandwidth, rounded) == pytest.approx(
        plain_costs(document, bandwidth, steps), rel=1e-12
    )


@pytest.mark.parametrize("seed", range(20))
def test_slots_are_rounded_one_by_one(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(3, 2, 6))
    bandwidth = equal_bandwidth(slots)
    fractional = np.random.default_rng(seed).uniform(0, 40, slots.request.shape)
    together = round_steps(slots, bandwidth, fractional)
    for row in range(len(slots)):
        one = slice(row, row + 1)
        assert (round_steps(slots.take(one), bandwidth[one], fractional[one]) == together[one]).all()


def one_cached_user(**system: object) -> tuple[Slots, np.ndarray]:
    """A user with the whole band whose quality is worth far more than its time: A1 = 5, A2 = 20, 0.5 s a step."""
    _, slots, _ = random_slots(0, shape=(1, 1, 1), models=1, idle=0.0, deadline=False)
    values = {"steps_low": 5.0, "steps_high": 20.0, "tv_worst": 100.0, "tv_best": 0.0, "step_s": 0.5, "setup_s": 0.0}
    catalogue = replace(slots.catalogue, **{name: np.array([value]) for name, value in values.items()})
    base = {"step_budget": 50, "latency_weight": 0.5, "tv_to_s": 0.15, "forced_edge": True}
    changed = slots.system.model_copy(update=base | system)
    return replace(slots, catalogue=catalogue, system=changed, cached=np.ones((1, 1), dtype=bool)), np.ones((1, 1))


def test_spare_steps_are_used_up_to_the_best_quality() -> None:
    slots, bandwidth = one_cached_user()
    assert round_steps(slots, bandwidth, np.array([[7.3]])).tolist() == [[20]]


def test_the_last_steps_of_the_budget_are_used_too() -> None:
    slots, bandwidth = one_cached_user(step_budget=13)
    assert round_steps(slots, bandwidth, np.array([[7.3]])).tolist() == [[13]]


def test_steps_that_are_of_no_use_are_not_taken() -> None:
    slots, bandwidth = one_cached_user(step_budget=4)
    assert round_steps(slots, bandwidth, np.array([[3.9]])).tolist() == [[1]]


def test_a_deadline_counts_with_the_time_on_the_air() -> None:
    slots, bandwidth = one_cached_user()
    air = float(physics.air_time_s(bandwidth, slots.gain, slots.input_mb, slots.output_mb, slots.system)[0, 0])
    late = slots.system.model_copy(update={"deadline_s": air + 0.5 * 12 + 0.1, "late_penalty": 100.0})
    assert round_steps(replace(slots, system=late), bandwidth, np.array([[20.0]])).tolist() == [[12]]
