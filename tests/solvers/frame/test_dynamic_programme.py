"""The dynamic programme over states and caches, against plain recursion and an enumeration of policies."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from problems.scenario import Demand
from solvers.frame.dynamic_programme import FrameProgramme, cheapest_next
from solvers.frame.expected_costs import ExpectedCosts


def demand_of(transition: Sequence[Sequence[float]], models: int, observed: bool = True) -> Demand:
    return Demand(
        transition=tuple(map(tuple, transition)),
        skew=tuple(0.5 + j for j in range(len(transition))),
        ranking=(tuple(range(models)),) * len(transition),
        activity=1.0,
        state_observed=observed,
    )


class Drawn:
    """A small programme by chance, and what it costs in plain Python."""

    def __init__(self, seed: int, models: int = 3, states: int = 2, frames: int = 3, caches: int = 4) -> None:
        rng = np.random.default_rng(seed)
        self.frames = frames
        self.masks = np.union1d([0], rng.choice(np.arange(1, 1 << models), caches - 1, replace=False))
        self.cost = rng.uniform(0, 10, (states, len(self.masks)))
        self.price = np.zeros(models) if seed % 4 == 0 else rng.choice([0.0, 0.3, 2.0, 20.0], models)
        self.demand = demand_of(rng.dirichlet(np.ones(states), states).tolist(), models)
        costs = ExpectedCosts(self.masks, self.cost)
        self.programme = FrameProgramme.solved(costs, self.demand, self.price, frames)

    def loading(self, before: int, after: int) -> float:
        new = int(self.masks[after] & ~self.masks[before])
        return float(sum(price for m, price in enumerate(self.price) if new >> m & 1))

    def from_then_on(self, t: int, j: int, f: int) -> float:
        """Least expected cost from frame t on with cache number f held in it, loading it aside."""
        if t == self.frames:
            return 0.0
        after = 0.0
        if t + 1 < self.frames:
            for k, chance in enumerate(self.demand.transition[j]):
                ahead = [self.loading(f, g) + self.from_then_on(t + 1, k, g) for g in range(len(self.masks))]
                after += chance * min(ahead)
        return float(self.cost[j, f]) + after


@pytest.mark.parametrize("seed", range(12))
def test_the_values_are_those_of_plain_recursion(seed: int) -> None:
    drawn = Drawn(seed)
    for t, j, f in np.ndindex(drawn.programme.value.shape):
        assert drawn.programme.value[t, j, f] == pytest.approx(drawn.from_then_on(t, j, f), rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_best_cache_is_the_cheapest_with_its_loading(seed: int) -> None:
    drawn = Drawn(seed, models=4, states=3)
    held = drawn.programme.held
    for t, j, before in itertools.product(range(3), range(3), range(len(held))):
        totals = [drawn.loading(before, f) + drawn.programme.value[t, j, f] for f in range(len(held))]
        chosen = drawn.programme.best(t, np.eye(3)[j], held[before])
        assert totals[chosen] == pytest.approx(min(totals), rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_no_deterministic_policy_is_better(seed: int) -> None:
    """Every map from first states to caches, and from second states and first caches to caches."""
    drawn = Drawn(seed, frames=2, caches=3)
    count, start = len(drawn.masks), drawn.demand.stationary
    best = np.inf
    for first in itertools.product(range(count), repeat=2):
        for second in itertools.product(range(count), repeat=2 * count):
            total = 0.0
            for j, k in itertools.product(range(2), repeat=2):
                f = first[j]
                g = second[k * count + f]
                cost = drawn.cost[j, f] + drawn.cost[k, g] + drawn.loading(0, f) + drawn.loading(f, g)
                total += start[j] * drawn.demand.transition[j][k] * cost
            best = min(best, total)
    visits, loading = drawn.programme.occupancy(drawn.demand)
    assert visits.sum() == pytest.approx(2)
    assert (visits * drawn.cost).sum() + loading == pytest.approx(best, rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_cheapest_next_cache_is_that_of_all(seed: int) -> None:
    rng = np.random.default_rng(seed)
    masks = np.union1d([0], rng.choice(32, 9, replace=False))
    value, price = rng.uniform(0, 5, (2, len(masks))), rng.choice([0.0, 0.5, 3.0], 5)
    new = (masks[None] & ~masks[:, None])[..., None] >> np.arange(5) & 1
    expected = (value[:, None, :] + new @ price).min(axis=2)
    assert cheapest_next(value, masks, price) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_myopic_policy_is_no_better_in_expectation(seed: int) -> None:
    drawn = Drawn(seed)
    start, transition = drawn.demand.stationary, np.array(drawn.demand.transition)
    choice = drawn.cost.argmin(axis=1)
    myopic = sum(start[j] * (drawn.cost[j, choice[j]] + drawn.loading(0, choice[j])) for j in range(2))
    now = start
    for _ in range(drawn.frames - 1):
        for j, k in itertools.product(range(2), repeat=2):
            step = drawn.loading(choice[j], choice[k]) + drawn.cost[k, choice[k]]
            myopic += now[j] * transition[j, k] * step
        now = now @ transition
    visits, loading = drawn.programme.occupancy(drawn.demand)
    assert (visits * drawn.cost).sum() + loading <= myopic * (1 + 1e-12)


def test_a_higher_price_of_loading_never_lowers_the_value() -> None:
    drawn = Drawn(1)
    costs = ExpectedCosts(drawn.masks, drawn.cost)
    dearer = FrameProgramme.solved(costs, drawn.demand, drawn.price + 0.1, drawn.frames)
    assert (dearer.value >= drawn.programme.value - 1e-12).all()
