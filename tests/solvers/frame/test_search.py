"""The cheapest cache of a frame, whatever bounds lead to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from solvers.base import Budget
from solvers.frame.search import FrameSearch
from solvers.frame.stage_costs import FrameCosts
from tests.solvers.frame.frames import charged_costs, one_frame

MODELS = 6


@dataclass(frozen=True)
class Listed:
    """Bounds given cache by cache."""

    masks: np.ndarray
    bound: np.ndarray

    @property
    def lower(self) -> float:
        return float(self.bound.min())

    def below(self, limit: float, most: int, budget: Budget) -> tuple[np.ndarray, np.ndarray, bool]:
        order = np.argsort(self.bound, kind="stable")
        order = order[self.bound[order] <= limit]
        return self.masks[order[:most]], self.bound[order[:most]], len(order) <= most


def search_of(seed: int, tightness: float, most: int = 1000) -> tuple[FrameSearch, np.ndarray, np.ndarray]:
    """A search with bounds that fall short of the costs by chance, all masks, and their costs with charges."""
    instance = one_frame(seed, deadline=False)
    rng = np.random.default_rng(seed)
    charge = rng.normal(0, 1, MODELS)
    masks, cost = charged_costs(instance, charge)
    bounds = Listed(masks, cost - np.abs(cost) * rng.uniform(0, 1 - tightness, len(cost)))
    return FrameSearch(FrameCosts(instance, 0), bounds, charge, int(masks[-1]), most), masks, cost


@pytest.mark.parametrize("tightness", [0.0, 0.9, 0.999, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_cache_is_found_and_known_to_be(seed: int, tightness: float) -> None:
    search, masks, cost = search_of(seed, tightness)
    search.minimise(Budget())
    assert search.settled
    assert search.best == pytest.approx(cost.min(), rel=1e-12)
    assert cost[masks == search.best_mask][0] == pytest.approx(search.best, rel=1e-12)
    assert search.lower == pytest.approx(search.best, rel=1e-9)


@pytest.mark.parametrize("most", [1, 4])
@pytest.mark.parametrize("seed", range(6))
def test_where_too_many_caches_can_be_better_cost_and_bound_still_hold(seed: int, most: int) -> None:
    search, masks, cost = search_of(seed, 0.5, most)
    search.minimise(Budget())
    assert search.lower <= cost.min() * (1 + 1e-12) + 1e-12
    assert search.best in cost[masks == search.best_mask]
    assert search.best >= cost.min()


def test_without_any_time_nothing_is_settled() -> None:
    search, _, cost = search_of(0, 0.5)
    search.minimise(Budget(time_limit_s=0.0))
    assert not search.settled
    assert search.lower <= cost.min()


@pytest.mark.parametrize("seed", range(6))
def test_all_caches_nearly_as_cheap_are_listed_with_their_costs_apart_from_charges(seed: int) -> None:
    search, masks, cost = search_of(seed, 0.9)
    search.minimise(Budget())
    distance = 0.2 * (cost.max() - cost.min())
    found = search.within(distance, Budget())
    assert found is not None
    listed, bare, bound = found
    assert set(listed.tolist()) == set(masks[cost <= cost.min() + distance].tolist())
    without = dict(zip(*charged_costs(one_frame(seed, deadline=False), np.zeros(MODELS)), strict=True))
    assert bare == pytest.approx([without[mask] for mask in listed], rel=1e-12)
    assert (bound <= bare * (1 + 1e-12)).all()


def test_a_list_of_too_many_or_too_late_is_none() -> None:
    search, _, cost = search_of(1, 0.9, most=2)
    search.minimise(Budget())
    assert search.within(cost.max() - cost.min(), Budget()) is None
