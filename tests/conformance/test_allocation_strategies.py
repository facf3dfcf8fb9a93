"""What must hold of every allocation strategy, whatever it minimises."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from problems.families.drawn import FAMILIES
from solvers.allocation.genetic import GeneticAllocation
from solvers.base import AllocationStrategy
from solvers.registry import find_part
from tests.cases import as_instance, random_document, sampled
from tests.conformance.parts import ALLOCATION
from tests.solvers.slot.slot_cases import assert_feasible, late_slots, random_slots
from tests.solvers.support import slots_where, with_system

EVERY = pytest.mark.parametrize("name", ALLOCATION)


def strategy(name: str) -> AllocationStrategy:
    """With its defaults, but for the one that would go through many generations."""
    if name == "genetic":
        return GeneticAllocation(population=10, generations=10)
    part: Any = find_part(name)
    made: AllocationStrategy = part()
    return made


@EVERY
@pytest.mark.parametrize("family", FAMILIES)
def test_feasible_on_every_family(name: str, family: str) -> None:
    """Where everything is cached and where it is not; two slots of it where a slot takes long."""
    if (name, family) == ("slsqp", "metro"):
        pytest.skip("takes seconds for a slot of 200 users")
    rows = slice(None) if name in ("exact", "equal") else slice(0, 2)
    for seed in (None, 1):
        slots = slots_where(sampled(family), seed).take(rows)
        assert_feasible(slots, *strategy(name).allocate(slots))


@EVERY
@pytest.mark.parametrize("seed", range(25))
def test_feasible_on_random_slots(name: str, seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 2, 1 + seed % 6), idle=(0.0, 0.3, 0.9)[seed % 3])
    assert_feasible(slots, *strategy(name).allocate(slots))


@EVERY
@pytest.mark.parametrize("budget", [0, 1, 2, 3])
def test_feasible_where_steps_are_scarce_or_there_are_none(name: str, budget: int) -> None:
    instance = as_instance(random_document(7, shape=(3, 4, 5), idle=0.2, forced_edge=False))
    slots = slots_where(with_system(instance, step_budget=budget))
    assert_feasible(slots, *strategy(name).allocate(slots))


@EVERY
def test_a_forced_edge_that_takes_every_step_leaves_one_for_each(name: str) -> None:
    for seed in range(3):
        instance = as_instance(random_document(seed, shape=(2, 2, 6), forced_edge=True, idle=0.0))
        slots = slots_where(with_system(instance, step_budget=6))
        bandwidth, steps = strategy(name).allocate(slots)
        assert_feasible(slots, bandwidth, steps)
        assert (steps == 1).all()


@EVERY
@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_slots_do_not_touch_each_other(name: str, deadline: bool, seed: int) -> None:
    """A batch is its slots one by one, to the last bit, in whatever order and company."""
    shape = (2, 3, 4)
    slots = late_slots(seed, shape=shape)[1] if deadline else random_slots(seed, shape=shape, deadline=False)[1]
    bandwidth, steps = strategy(name).allocate(slots)
    for row in range(len(slots)):
        alone = strategy(name).allocate(slots.take(slice(row, row + 1)))
        assert (alone[0][0] == bandwidth[row]).all()
        assert (alone[1][0] == steps[row]).all()
    order = np.random.default_rng(seed).permutation(len(slots))
    shuffled = strategy(name).allocate(slots.take(order))
    assert (shuffled[0] == bandwidth[order]).all()
    assert (shuffled[1] == steps[order]).all()


@EVERY
def test_no_slots_at_all_are_allocated_too(name: str) -> None:
    bandwidth, steps = strategy(name).allocate(slots_where(sampled("tiny")).take(slice(0, 0)))
    assert bandwidth.shape == steps.shape == (0, 2)


@EVERY
def test_where_nobody_asks_nobody_gets_anything(name: str) -> None:
    _, slots, _ = random_slots(0, shape=(1, 2, 3))
    slots = dataclasses.replace(slots, request=np.full_like(slots.request, -1), cached=np.zeros_like(slots.cached))
    bandwidth, steps = strategy(name).allocate(slots)
    assert not bandwidth.any()
    assert not steps.any()
