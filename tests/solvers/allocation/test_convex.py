"""``convex``: close to the optimum, whatever the channels, and honest where the solver fails."""

from __future__ import annotations

import itertools
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from problems.episode import Slots, slots_of
from solvers.allocation import convex
from solvers.allocation.convex import ConvexAllocation
from solvers.allocation.equal import EqualAllocation
from solvers.slot.convex_programme import SlotProgramme
from solvers.slot.step_options import envelope_steps
from tests.cases import as_instance, edited, sampled
from tests.solvers.slot.slot_cases import assert_feasible, optimal_slots, plain_costs, random_slots


def with_system(slots: Slots, **changes: Any) -> Slots:
    return replace(slots, system=slots.system.model_copy(update=changes))


def test_without_a_deadline_close_to_the_optimum() -> None:
    """Independent optimum: bandwidth by nested bisection, steps by dynamic programming."""
    gaps = []
    for seed in range(24):
        document, slots, _ = random_slots(seed, shape=(2, 2, 5), deadline=False)
        cost = np.array(plain_costs(document, *ConvexAllocation().allocate(slots)))
        best = np.array(plain_costs(document, *optimal_slots(document, slots.cached)))
        assert (cost >= best * (1 - 1e-9)).all()
        gaps.append((cost - best) / np.maximum(best, 1e-9))
    assert np.mean(gaps) < 1e-3
    assert np.max(gaps) < 0.05


@pytest.mark.parametrize("seed", range(10))
def test_with_ample_steps_optimal(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 4), deadline=False)
    document["system"]["step_budget"] = 1000
    cost = plain_costs(document, *ConvexAllocation().allocate(with_system(slots, step_budget=1000)))
    best = plain_costs(document, *optimal_slots(document, slots.cached))
    assert cost == pytest.approx(best, rel=1e-6)


def test_with_a_deadline_close_to_the_best_of_a_grid() -> None:
    """Two users: every split in fiftieths with every pair of steps, lateness priced."""
    for seed in range(4):
        document, slots, _ = random_slots(seed, shape=(1, 1, 2), models=2, idle=0.0, deadline=True)
        document["system"] |= {"step_budget": 30, "late_penalty": 1.0}
        document["models"] = [model | {"steps_low": 5, "steps_high": 20} for model in document["models"]]
        slots = slots_of(as_instance(document), np.ones((1, 2), dtype=bool))
        cost = plain_costs(document, *ConvexAllocation().allocate(slots))[0]
        worthwhile = [*([] if slots.system.forced_edge else [0]), 1, *range(6, 21)]
        best = min(
            plain_costs(document, np.array([[share, 1 - share]]), np.array([[first, second]]))[0]
            for share in np.arange(0.02, 1.0, 0.02)
            for first in worthwhile
            for second in worthwhile
            if first + second <= 30
        )
        assert cost <= best * 1.01


def test_with_a_deadline_the_bandwidth_suits_the_whole_steps() -> None:
    """With scarce steps, no user hands a twentieth of its share to another with any profit to speak of."""
    document = edited(sampled("deadline").document, ["system", "step_budget"], 60)
    document["system"]["deadline_s"] = 8.0
    document["trace"] = {name: frames[:2] for name, frames in document["trace"].items()}
    slots = slots_of(as_instance(document), np.ones((2, 8), dtype=bool))
    bandwidth, steps = ConvexAllocation().allocate(slots)
    cost = np.array(plain_costs(document, bandwidth, steps))
    for giver, taker in itertools.permutations(range(8), 2):
        moved = bandwidth.copy()
        moved[:, giver] -= bandwidth[:, giver] / 20
        moved[:, taker] += bandwidth[:, giver] / 20
        assert (plain_costs(document, moved, steps) >= cost * (1 - 1e-4)).all()


@pytest.mark.parametrize("seed", range(20))
def test_random_slots_are_solved_without_a_warning(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 2, 6))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_feasible(slots, *ConvexAllocation().allocate(slots))


@pytest.mark.parametrize("seed", range(10))
def test_gains_over_twenty_decades(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 5), deadline=False)
    gain = 10.0 ** np.random.default_rng(seed).uniform(-20, 0, slots.gain.shape)
    document["trace"]["gain"] = gain.reshape(2, 2, 5).tolist()
    slots = replace(slots, gain=gain)
    bandwidth, steps = ConvexAllocation().allocate(slots)
    assert_feasible(slots, bandwidth, steps)
    cost = plain_costs(document, bandwidth, steps)
    best = plain_costs(document, *optimal_slots(document, slots.cached))
    assert cost == pytest.approx(best, rel=0.02)


def test_where_bandwidth_has_no_price_the_split_is_equal() -> None:
    _, slots, _ = random_slots(3, deadline=False)
    slots = with_system(slots, latency_weight=0.0)
    assert (ConvexAllocation().allocate(slots)[0] == EqualAllocation().allocate(slots)[0]).all()


def test_requests_without_any_data() -> None:
    _, slots, _ = random_slots(4, shape=(1, 2, 4), idle=0.0, deadline=False)
    d_in, d_out = slots.input_mb.copy(), slots.output_mb.copy()
    d_in[:, :2] = d_out[:, :2] = 0.0
    d_in[1], d_out[1] = 0.0, 0.0
    slots = replace(with_system(slots, latency_weight=0.5), input_mb=d_in, output_mb=d_out)
    bandwidth, steps = ConvexAllocation().allocate(slots)
    assert_feasible(slots, bandwidth, steps)
    assert bandwidth[0, :2].sum() < 1e-6


def test_a_slot_that_fails_gets_the_equal_split_and_a_warning() -> None:
    _, slots, _ = random_slots(1, shape=(2, 2, 5), idle=0.0)
    with pytest.warns(RuntimeWarning, match="Clarabel failed on 4 of 4 slots"):
        bandwidth, steps = ConvexAllocation(tolerance=1e-30).allocate(slots)
    equal = EqualAllocation().allocate(slots)
    assert (bandwidth == equal[0]).all()
    assert (steps == equal[1]).all()


def test_only_the_slot_that_fails_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    _, slots, _ = random_slots(1, shape=(2, 2, 5), idle=0.0, deadline=False)
    whole, equal = ConvexAllocation().allocate(slots), EqualAllocation().allocate(slots)
    failing = convex.parameters(slots, envelope_steps(slots))["share"][2]
    solve = SlotProgramme.solve

    def solve_but_one(self: SlotProgramme, values: dict[str, np.ndarray], tolerance: float) -> Any:
        return None if (values["share"] == failing).all() else solve(self, values, tolerance)

    monkeypatch.setattr(SlotProgramme, "solve", solve_but_one)
    with pytest.warns(RuntimeWarning, match="Clarabel failed on 1 of 4 slots"):
        bandwidth, steps = ConvexAllocation().allocate(slots)
    kept = [0, 1, 3]
    assert (bandwidth[kept] == whole[0][kept]).all()
    assert (steps[kept] == whole[1][kept]).all()
    assert (bandwidth[2] == equal[0][2]).all()
    assert (steps[2] == equal[1][2]).all()


@pytest.mark.parametrize("tolerance", [0.0, 1.0, -1e-6])
def test_settings_are_checked(tolerance: float) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        ConvexAllocation(tolerance=tolerance)
