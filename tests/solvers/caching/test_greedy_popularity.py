"""``greedy-popularity``: the most popular models that fit."""

from __future__ import annotations

import numpy as np

from tests.cases import sampled
from tests.solvers.support import plan, with_demand


def taken(order: list[int], size: np.ndarray, room: float) -> set[int]:
    """The models in turn, those passed over that no longer fit."""
    held = set()
    for m in order:
        if size[m] <= room * (1 + 1e-9):
            held.add(m)
            room -= size[m]
    return held


def test_takes_the_most_popular_that_fit() -> None:
    instance = sampled("drift", 2, 0)
    popularity, size = instance.demand.popularity, instance.catalogue.size_gb
    for state, held in zip(instance.trace.state, plan("greedy-popularity", instance).cache, strict=True):
        order = sorted(range(10), key=lambda m: -popularity[state, m])
        assert set(np.flatnonzero(held)) == taken(order, size, instance.system.cache_gb)


def test_before_any_request_a_hidden_state_counts_by_its_long_run_share() -> None:
    instance = with_demand(sampled("drift", 2, 0), state_observed=False)
    popularity = instance.demand.stationary @ instance.demand.popularity
    order = sorted(range(10), key=lambda m: -popularity[m])
    held = plan("greedy-popularity", instance).cache[0]
    assert set(np.flatnonzero(held)) == taken(order, instance.catalogue.size_gb, instance.system.cache_gb)
