"""What a frame costs at least under a cache, by the slots' envelopes."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.frame.bounds import holding_of
from solvers.frame.envelope_costs import Segments, charged_cost, envelope_cost, improved, segments_of
from solvers.frame.step_prices import Holding, envelopes_of
from solvers.slot.steps import optimal_steps
from tests.solvers.frame.frames import one_frame, slots_under

MODELS, SLOTS = 6, 4


def frame(seed: int) -> tuple[Segments, Holding]:
    instance = one_frame(seed, deadline=False)
    charge = np.random.default_rng(seed).normal(0, 1, MODELS)
    segments = segments_of(envelopes_of(slots_under(instance, (1 << MODELS) - 1)), SLOTS, MODELS)
    return segments, holding_of(instance, charge)


@pytest.mark.parametrize("seed", range(10))
def test_it_is_the_sum_of_the_slots_envelope_bounds(seed: int) -> None:
    """Each slot's own: the linear relaxation of its knapsack; and with the charges of what is held."""
    instance, (segments, holding) = one_frame(seed, deadline=False), frame(seed)
    for mask in range(1 << MODELS):
        slots = slots_under(instance, mask)
        bound = float(optimal_steps(slots)[2].sum())
        assert envelope_cost(segments, mask) == pytest.approx(bound, rel=1e-9)
        charges = sum(float(holding.charge[m]) for m in range(MODELS) if mask >> m & 1)
        assert charged_cost(segments, holding, mask) == pytest.approx(bound + charges, rel=1e-9)


def neighbours(mask: int, holding: Holding) -> list[int]:
    """The feasible caches with one model more, one less or one exchanged."""
    near = []
    for other in range(1 << MODELS):
        more, less = bin(other & ~mask).count("1"), bin(mask & ~other).count("1")
        size = sum(float(holding.size[m]) for m in range(MODELS) if other >> m & 1)
        if other != mask and more <= 1 and less <= 1 and (size <= holding.room or more == 0):
            near.append(other)
    return near


@pytest.mark.parametrize("seed", range(10))
def test_an_improved_cache_has_no_cheaper_neighbour(seed: int) -> None:
    segments, holding = frame(seed)
    for start in (0, *(1 << m for m in range(MODELS) if holding.size[m] <= holding.room)):
        found, cost = improved(segments, holding, start)
        assert cost == pytest.approx(charged_cost(segments, holding, found), rel=1e-12)
        assert cost <= charged_cost(segments, holding, start)
        assert sum(float(holding.size[m]) for m in range(MODELS) if found >> m & 1) <= holding.room
        for other in neighbours(found, holding):
            assert charged_cost(segments, holding, other) >= cost - 1e-12 * abs(cost)
