"""The Lagrangian bound of a coupled slot against every split of its steps, each with its best bandwidth."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from problems.episode import Slots
from solvers.slot.air_loads import EXACT, AirLoads, share_of_air
from solvers.slot.costs import service_costs, slot_costs
from solvers.slot.coupled_bound import CoupledSlot, node_bound
from solvers.slot.late_bandwidth import late_bandwidth
from tests.cases import as_instance, random_document
from tests.solvers.support import slots_where

USERS, BUDGET = 3, 9


def one_slot(seed: int) -> tuple[Slots, CoupledSlot]:
    """A slot of three users with a deadline who may all be served at the edge, and its options: 0 to 5 steps each."""
    document = random_document(seed, shape=(1, 1, USERS), idle=0.0, deadline=True, forced_edge=False)
    document["system"] |= {"step_budget": BUDGET, "late_penalty": 1.0, "latency_weight": 0.5}
    for model in document["models"]:
        model |= {"steps_low": 0, "steps_high": 5}
    slots = slots_where(as_instance(document))
    loads, steps = AirLoads.of(slots), np.tile(np.arange(6), (USERS, 1))
    seconds, base = service_costs(slots, steps[None])
    slack = slots.system.deadline_s - seconds[0]
    up, snr, down = loads.up[0], loads.snr[0], np.maximum(loads.down[0], 1e-20)
    kink = np.array([[share_of_air(room, up[n], snr[n], down[n], EXACT) for room in slack[n]] for n in range(USERS)])
    size = np.full(USERS, steps.shape[1])
    return slots, CoupledSlot(up, snr, down, steps, slack, base[0], kink, size, BUDGET, 0.5, 1.0)


def every_split(slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    """Steps (P, N) within the budget, and what they cost (P,)."""
    splits = np.array([split for split in itertools.product(range(6), repeat=USERS) if sum(split) <= BUDGET])
    copies = slots.take(np.zeros(len(splits), dtype=np.int64))
    return splits, slot_costs(copies, late_bandwidth(copies, splits), splits)


@pytest.mark.parametrize("seed", range(12))
def test_no_split_is_cheaper_and_none_with_an_option_is_cheaper_than_its_regret(seed: int) -> None:
    slots, slot = one_slot(seed)
    splits, cost = every_split(slots)
    bound, _, answers, regret = node_bound(slot, np.ones((USERS, 6), dtype=bool), math.nan)
    assert 0.9 * cost.min() <= bound <= cost.min() * (1 + 1e-9)
    assert (slot.steps[np.arange(USERS), answers].sum(axis=1) <= BUDGET).all()
    for n, j in np.ndindex(USERS, 6):
        assert regret[n, j] <= cost[splits[:, n] == j].min() * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_it_does_not_matter_where_the_search_for_the_price_begins(seed: int) -> None:
    _, slot = one_slot(seed)
    everything = np.ones((USERS, 6), dtype=bool)
    bound, price, _, _ = node_bound(slot, everything, math.nan)
    for start in (price, price - 3.0, price + 5.0):
        assert node_bound(slot, everything, start)[0] == pytest.approx(bound, rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_fewer_options_raise_the_bound_to_the_best_of_those_left(seed: int) -> None:
    slots, slot = one_slot(seed)
    splits, cost = every_split(slots)
    alive = np.ones((USERS, 6), dtype=bool)
    alive[0, :3] = alive[1, 4:] = False
    left = alive[np.arange(USERS), splits].all(axis=1)
    bound = node_bound(slot, alive, math.nan)[0]
    assert node_bound(slot, np.ones_like(alive), math.nan)[0] <= bound * (1 + 1e-9)
    assert bound <= cost[left].min() * (1 + 1e-9)


def test_options_that_do_not_fit_the_budget_have_no_answer() -> None:
    _, slot = one_slot(0)
    alive = np.zeros((USERS, 6), dtype=bool)
    alive[:, 4:] = True
    assert node_bound(slot, alive, math.nan)[0] == math.inf
