"""The tree of caches finds all that cost little enough by their envelopes."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.frame.bounds import holding_of
from solvers.frame.cache_tree import NODE_TURNS, Tree, grow, planted
from solvers.frame.envelope_costs import Segments, charged_cost, segments_of
from solvers.frame.step_prices import Envelopes, Holding, envelopes_of
from tests.solvers.frame.frames import one_frame, slots_under

MODELS, SLOTS = 9, 3


def frame(seed: int) -> tuple[Envelopes, Segments, Holding, dict[int, float]]:
    """A frame, and the cost by its envelopes of every feasible cache."""
    instance = one_frame(seed, deadline=False, models=MODELS, slots=SLOTS)
    envelopes = envelopes_of(slots_under(instance, (1 << MODELS) - 1))
    segments = segments_of(envelopes, SLOTS, MODELS)
    holding = holding_of(instance, np.random.default_rng(seed).normal(0, 1, MODELS))
    held = np.arange(1 << MODELS)[:, None] >> np.arange(MODELS) & 1
    masks = np.flatnonzero(held @ holding.size <= holding.room).tolist()
    return envelopes, segments, holding, {mask: charged_cost(segments, holding, mask) for mask in masks}


def found(tree: Tree) -> dict[int, float]:
    count = int(tree.found[0])
    return dict(zip(tree.masks[:count].tolist(), tree.costs[:count].tolist(), strict=True))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("part", [0.0, 0.05, 0.5])
def test_all_caches_below_a_limit_are_found_in_one_go_or_in_many(seed: int, part: float) -> None:
    envelopes, segments, holding, costs = frame(seed)
    limit = float(np.quantile(list(costs.values()), part)) + 1e-9
    expected = {mask: cost for mask, cost in costs.items() if cost <= limit}
    whole, pieces = (planted(np.zeros(SLOTS), -np.inf, MODELS, len(costs)) for _ in range(2))
    assert grow(whole, envelopes, segments, holding, limit, NODE_TURNS, 1_000_000)
    assert whole.open[0] == 0
    assert found(whole) == pytest.approx(expected, rel=1e-9)
    while pieces.open[0] > 0:
        assert grow(pieces, envelopes, segments, holding, limit, NODE_TURNS, 1)
    assert found(pieces) == found(whole)


def test_a_tree_without_room_for_another_find_says_so() -> None:
    envelopes, segments, holding, costs = frame(0)
    tree = planted(np.zeros(SLOTS), -np.inf, MODELS, 3)
    assert not grow(tree, envelopes, segments, holding, max(costs.values()) + 1.0, NODE_TURNS, 1_000_000)
    assert tree.open[0] > 0
    assert set(found(tree)) <= set(costs)
