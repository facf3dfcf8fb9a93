"""The cheapest service of every request at prices: never above what is possible, and close to it."""

from __future__ import annotations

import numpy as np
import pytest

from problems.certificates.service import Requests, best_service
from tests import independent
from tests.cases import as_instance, random_document
from tests.problems.certificates.service_cases import cheapest_service


@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("forced_edge", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_it_is_that_of_all_steps_and_shares(seed: int, forced_edge: bool, deadline: bool) -> None:
    document = random_document(seed, shape=(2, 2, 3), deadline=deadline, forced_edge=forced_edge)
    instance = as_instance(document)
    requests = Requests.of(instance)
    rng = np.random.default_rng(seed)
    count = len(requests.model)
    step_price, band_price = rng.choice([0.0, 0.05, 0.5], count), 10.0 ** rng.uniform(-2, 2, count)
    service = best_service(instance, requests, step_price, band_price)
    asked = [request for *_, request in independent.active_requests(document)]
    assert [request.index for request in asked] == requests.model.tolist()
    for r, request in enumerate(asked):
        cloud, edge = cheapest_service(document["system"], request, step_price[r], band_price[r])
        assert cloud * (1 - 1e-3) <= service.cloud_cost[r] <= cloud * (1 + 1e-9)
        assert edge * (1 - 1e-3) <= service.edge_cost[r] <= edge * (1 + 1e-9)


@pytest.mark.parametrize("deadline", [False, True])
def test_steps_and_band_are_those_whose_cost_it_is(deadline: bool) -> None:
    """What a request takes of both budgets is how its cost grows with their prices."""
    instance = as_instance(random_document(4, shape=(2, 2, 4), deadline=deadline, forced_edge=True))
    requests = Requests.of(instance)
    count = len(requests.model)
    step_price, band_price = np.full(count, 0.07), np.full(count, 1.3)
    service = best_service(instance, requests, step_price, band_price)
    dearer = best_service(instance, requests, step_price + 1e-9, band_price)
    assert (dearer.edge_cost - service.edge_cost) / 1e-9 == pytest.approx(service.edge_steps, rel=1e-4, abs=1e-4)
    wider = best_service(instance, requests, step_price, band_price * (1 + 1e-7))
    assert (wider.cloud_cost - service.cloud_cost) / 1.3e-7 == pytest.approx(service.cloud_band, rel=1e-2, abs=1e-4)
    assert (wider.edge_cost - service.edge_cost) / 1.3e-7 == pytest.approx(service.edge_band, rel=1e-2, abs=1e-4)
