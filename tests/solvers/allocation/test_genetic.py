"""``genetic``: feasible by its repair, never worse than the equal split, close to the optimum."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from problems.episode import slots_of
from solvers.allocation import genetic
from solvers.allocation.equal import EqualAllocation
from solvers.allocation.exact import ExactAllocation
from solvers.allocation.genetic import GeneticAllocation, decode, encode
from solvers.slot.costs import slot_costs
from tests.cases import sampled
from tests.solvers.slot.slot_cases import assert_feasible, plain_costs, random_slots

QUICK = GeneticAllocation(population=10, generations=10)


@pytest.mark.parametrize("seed", range(20))
def test_the_repair_makes_every_chromosome_feasible(seed: int) -> None:
    """Those at the corners too, and never gives more steps than are of use."""
    _, slots, _ = random_slots(seed, shape=(3, 3, 6))
    rng = np.random.default_rng(seed)
    shape = (len(slots), 12)
    for genes in (rng.random(shape), rng.integers(0, 2, shape).astype(float), np.zeros(shape), np.ones(shape)):
        bandwidth, steps = decode(slots, genes)
        assert_feasible(slots, bandwidth, steps)
        assert (steps <= np.maximum(np.ceil(slots.catalogue.steps_high[slots.request]), 1)).all()


@pytest.mark.parametrize("seed", range(20))
def test_the_repair_spends_the_budget_that_is_asked_for(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(3, 3, 6), forced_edge=False)
    edge = slots.active & slots.cached
    useful = np.where(edge, np.ceil(slots.catalogue.steps_high[slots.request]), 0).sum(axis=1)
    _, steps = decode(slots, np.ones((len(slots), 12)))
    assert (steps.sum(axis=1) == np.minimum(useful, slots.system.step_budget)).all()


@pytest.mark.parametrize("seed", range(20))
def test_the_equal_split_survives_encoding(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 2, 6))
    equal = EqualAllocation().allocate(slots)
    bandwidth, steps = decode(slots, encode(slots, *equal))
    assert bandwidth == pytest.approx(equal[0], rel=1e-12)
    assert (steps == equal[1]).all()


@pytest.mark.parametrize("solver", [GeneticAllocation(population=4, generations=0), QUICK])
@pytest.mark.parametrize("seed", range(15))
def test_never_worse_than_the_equal_split(seed: int, solver: GeneticAllocation) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 5))
    cost = np.array(plain_costs(document, *solver.allocate(slots)))
    equal = np.array(plain_costs(document, *EqualAllocation().allocate(slots)))
    assert (cost <= equal * (1 + 1e-9)).all()


@pytest.mark.parametrize("seed", range(4))
def test_it_does_not_matter_how_many_slots_are_computed_at_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 3, 5))
    bandwidth, steps = QUICK.allocate(slots)
    monkeypatch.setattr(genetic, "CHUNK", 4 * 10 * 5)
    chunked = QUICK.allocate(slots)
    assert (chunked[0] == bandwidth).all()
    assert (chunked[1] == steps).all()


def test_a_function_of_the_seed() -> None:
    _, slots, _ = random_slots(1, shape=(2, 3, 5))
    first, again, other = (QUICK.seeded(seed).allocate(slots) for seed in (3, 3, 4))
    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()
    assert (first[0] != other[0]).any()
    assert replace(QUICK, seed=2).seeded(3) == replace(QUICK, seed=5)


@pytest.mark.parametrize("family", ["small", "paper", "deadline"])
def test_close_to_the_optimum(family: str) -> None:
    """On average within a tenth of it, and closer than the equal split by half."""
    instance = sampled(family)
    cache = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    cache[:, ::3] = True
    slots = slots_of(instance, cache).take(slice(0, 40))
    cost, best, equal = (
        slot_costs(slots, *solver.allocate(slots))
        for solver in (GeneticAllocation(), ExactAllocation(), EqualAllocation())
    )
    assert (cost >= best * (1 - 1e-9)).all()
    assert cost.sum() <= 1.1 * best.sum()
    assert cost.sum() - best.sum() <= 0.5 * (equal.sum() - best.sum())


@pytest.mark.parametrize(
    "settings",
    [
        {"population": 2},
        {"population": 7},
        {"generations": -1},
        {"crossover": 1.1},
        {"crossover": -0.1},
        {"crossover_index": -1.0},
        {"mutations": -1.0},
        {"mutation_index": float("nan")},
        {"seed": -1},
    ],
)
def test_settings_are_checked(settings: dict[str, Any]) -> None:
    name, value = next(iter(settings.items()))
    with pytest.raises(ValueError, match=f"^{name}: {value}; must be "):
        GeneticAllocation(**settings)
