"""The cheapest service of a request at prices of both budgets, by trying every number of steps."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.frame.coupled_service import Demands, demands_of, served
from tests import independent
from tests.cases import Document, as_instance, random_document
from tests.problems.certificates.service_cases import cheapest_service
from tests.solvers.frame.frames import slots_under


def frame(seed: int, forced_edge: bool, alpha: float = 0.6) -> tuple[Document, Demands]:
    document = random_document(seed, shape=(1, 3, 4), deadline=True, forced_edge=forced_edge)
    document["system"] |= {"latency_weight": alpha, "late_penalty": 1.5}
    return document, demands_of(slots_under(as_instance(document), (1 << 4) - 1))


@pytest.mark.parametrize("forced_edge", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 0.6])
@pytest.mark.parametrize("seed", range(3))
def test_it_is_that_of_all_steps_and_shares(seed: int, alpha: float, forced_edge: bool) -> None:
    """At prices of the band at which nobody would buy more than all of it."""
    document, demands = frame(seed, forced_edge, alpha)
    rng = np.random.default_rng(seed)
    never, always = np.full(len(demands.slot), 0.1), np.full(len(demands.slot), 0.1)
    asked = [request for *_, request in independent.active_requests(document)]
    for r, request in enumerate(asked):
        step_price, band_price = float(rng.choice([0.0, 0.05, 0.5])), float(10.0 ** rng.uniform(0, 2))
        expected = cheapest_service(document["system"], request, step_price, band_price)
        cloud, _, edge, _, _ = served(demands, never, always, r, step_price, band_price)
        for found, best in zip((cloud, edge), expected, strict=True):
            assert best * (1 - 1e-3) <= found <= best * (1 + 1e-9)


def test_where_the_search_begins_makes_no_difference_to_speak_of() -> None:
    """And what it ends with is kept for the next one."""
    _, demands = frame(1, forced_edge=False)
    count = len(demands.slot)
    rough, near = (np.full(count, 1e-3), np.full(count, 1.0)), (np.full(count, 0.2), np.full(count, 0.2))
    for r in range(count):
        first, second = (served(demands, *shares, r, 0.05, 2.0) for shares in (rough, near))
        assert first == pytest.approx(second, rel=1e-6)
    assert rough[0] == pytest.approx(near[0], rel=1e-6)
    assert rough[1] == pytest.approx(near[1], rel=1e-6)


def test_steps_and_band_are_those_whose_cost_it_is() -> None:
    """What a request takes of both budgets is how its cost grows with their prices."""
    _, demands = frame(2, forced_edge=True)
    shares = np.full(len(demands.slot), 0.1), np.full(len(demands.slot), 0.1)
    for r in range(len(demands.slot)):
        served(demands, *shares, r, 0.07, 1.3)
        cloud, cloud_band, edge, edge_band, steps = served(demands, *shares, r, 0.07, 1.3)
        dearer = served(demands, *shares, r, 0.07 + 1e-7, 1.3)
        assert (dearer[2] - edge) / 1e-7 == pytest.approx(steps, rel=1e-4, abs=1e-4)
        wider = served(demands, *shares, r, 0.07, 1.3 * (1 + 1e-6))
        assert (wider[0] - cloud) / 1.3e-6 == pytest.approx(cloud_band, rel=1e-2, abs=1e-4)
        assert (wider[2] - edge) / 1.3e-6 == pytest.approx(edge_band, rel=1e-2, abs=1e-4)
