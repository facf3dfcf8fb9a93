"""The coupled slot against every split of its steps, each with its best bandwidth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from problems.episode import Slots, slots_of
from solvers.slot.costs import slot_costs
from solvers.slot.coupled import coupled_allocation
from solvers.slot.late_bandwidth import late_bandwidth
from tests.cases import as_instance, random_document, random_feasible, sampled

GAP, NODES = 1e-9, 10_000


def coupled_slots(seed: int, users: int, **system: object) -> Slots:
    """The slots of a random instance with a deadline, under random caches."""
    document = random_document(seed, shape=(2, 2, users), deadline=True)
    document["system"] |= {"step_budget": 20, "late_penalty": 1.0, **system}
    instance = as_instance(document)
    return slots_of(instance, random_feasible(instance, seed).cache)


def solved(slots: Slots) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return coupled_allocation(slots, np.arange(len(slots)), slots.cached, GAP, NODES)


def best_of_all_splits(slot: Slots) -> float:
    """The least cost of one slot over every whole split of the budget."""
    may, budget = slot.cached[0], slot.system.step_budget
    first = 1 if slot.system.forced_edge else 0
    ranges = [range(first, budget + 1) if cached else range(1) for cached in may]
    splits = np.array([split for split in itertools.product(*ranges) if sum(split) <= budget])
    copies = slot.take(np.zeros(len(splits), dtype=np.int64))
    return float(slot_costs(copies, late_bandwidth(copies, splits), splits).min())


@pytest.mark.parametrize("seed", range(40))
def test_equals_the_best_of_all_splits(seed: int) -> None:
    slots = coupled_slots(seed, users=3, step_budget=24)
    bandwidth, steps, cost, bound = solved(slots)
    assert cost == pytest.approx(slot_costs(slots, bandwidth, steps), rel=1e-12)
    for row in range(len(slots)):
        best = best_of_all_splits(slots.take(slice(row, row + 1)))
        assert cost[row] == pytest.approx(best, rel=1e-8)
        assert bound[row] <= best * (1 + 1e-9)
        assert bound[row] >= cost[row] * (1 - 2 * GAP)


@pytest.mark.parametrize(
    "system",
    [
        {"latency_weight": 0.0},
        {"latency_weight": 1.0},
        {"late_penalty": 1e4},
        {"late_penalty": 1e-4},
        {"deadline_s": 0.0},
        {"deadline_s": 1e6},
        {"step_budget": 3, "forced_edge": True},
        {"step_budget": 0, "forced_edge": False},
    ],
)
def test_equals_the_best_of_all_splits_in_extreme_systems(system: dict[str, object]) -> None:
    for seed in range(6):
        slots = coupled_slots(seed, users=3, **system)
        _, _, cost, bound = solved(slots)
        for row in range(len(slots)):
            best = best_of_all_splits(slots.take(slice(row, row + 1)))
            assert cost[row] == pytest.approx(best, rel=1e-7, abs=1e-12)
            assert bound[row] <= best * (1 + 1e-9) + 1e-12


def test_never_worse_and_nearly_always_certified_at_the_size_of_the_family() -> None:
    instance = sampled("deadline", 4, 1)
    slots = slots_of(instance, random_feasible(instance, 1).cache)
    bandwidth, steps, cost, bound = solved(slots)
    assert (bandwidth.sum(axis=1) <= 1 + 1e-9).all()
    assert (steps.sum(axis=1) <= instance.system.step_budget).all()
    assert (steps[~slots.cached] == 0).all()
    assert (cost - bound <= GAP * cost * 2).mean() > 0.95
    blind = late_bandwidth(slots, steps)
    assert (cost <= slot_costs(slots, blind, steps) * (1 + 1e-12)).all()


def test_stopped_early_it_still_brackets_the_optimum() -> None:
    slots = coupled_slots(3, users=3, step_budget=24)
    _, _, cost, bound = coupled_allocation(slots, np.arange(len(slots)), slots.cached, 0.0, 1)
    _, _, best, _ = solved(slots)
    assert (bound <= best * (1 + 1e-9)).all()
    assert (cost >= best * (1 - 1e-9)).all()
