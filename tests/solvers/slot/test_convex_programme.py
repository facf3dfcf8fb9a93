"""The relaxed programme of a slot: compiled once, and solved to its optimum."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.allocation.convex import parameters
from solvers.slot.convex_programme import programme_for
from solvers.slot.step_options import envelope_steps
from tests import independent
from tests.solvers.slot.slot_cases import random_slots, requests_of


@pytest.mark.parametrize("coupled", [False, True])
def test_a_programme_is_compiled_once_for_a_number_of_users(coupled: bool) -> None:
    assert programme_for(3, coupled) is programme_for(3, coupled)
    assert programme_for(3, coupled) is not programme_for(4, coupled)


def best_mix(steps: np.ndarray, cost: np.ndarray) -> float:
    """The least cost of mixed options (N, O) that take one step in all, by the best price that ties two."""
    fall, width = cost[:, :, None] - cost[:, None, :], steps[:, None, :] - steps[:, :, None]
    prices = np.append(0.0, fall[width > 0] / width[width > 0])
    prices = np.maximum(prices, 0.0)
    dual = (cost + prices[:, None, None] * steps).min(axis=2).sum(axis=1) - prices
    return float(dual.max())


@pytest.mark.parametrize("seed", range(4))
def test_the_shares_and_the_mix_are_those_of_both_programmes_apart(seed: int) -> None:
    """Without a price of lateness: bandwidth by bisection, and steps by the price at which a mix is worth while."""
    document, slots, _ = random_slots(seed, shape=(1, 2, 4), deadline=False, idle=0.0)
    values = parameters(slots, envelope_steps(slots))
    for row, requests in enumerate(requests_of(document)):
        answer = programme_for(4, False).solve({name: value[row] for name, value in values.items()}, 1e-8)
        assert answer is not None
        x, mix = answer
        asked = list(requests.values())
        pairs = zip(asked, independent.best_bandwidth(document["system"], asked), strict=True)
        best = sum(independent.air_time(document["system"], request, b) for request, b in pairs)
        share = x * values["share"][row] / (x * values["share"][row]).sum()
        pairs = zip(asked, share, strict=True)
        found = sum(independent.air_time(document["system"], request, float(b)) for request, b in pairs)
        assert found == pytest.approx(best, rel=1e-5)
        steps, cost = values["steps"][row], values["cost"][row]
        assert mix.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-6)
        assert (steps * mix).sum() <= 1 + 1e-6
        assert (cost * mix).sum() == pytest.approx(best_mix(steps, cost), rel=1e-5, abs=1e-6)
