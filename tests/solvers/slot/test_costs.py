"""What allocations of slots cost, against the judge and the plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.allocation.equal import EqualAllocation
from solvers.slot.costs import air_time, service, service_costs, slot_costs
from tests import independent
from tests.cases import as_instance, random_document, random_feasible
from tests.solvers.slot.slot_cases import late_slots, random_slots, requests_of
from tests.solvers.support import judged, slots_where


@pytest.mark.parametrize("seed", range(10))
def test_the_searched_cost_is_the_judged_one(seed: int) -> None:
    """``slot_costs`` and the judge agree on any feasible decisions."""
    instance = as_instance(random_document(seed))
    slots = slots_where(instance)
    if instance.system.forced_edge:
        steps = EqualAllocation().allocate(slots)[1]
    else:
        steps = random_feasible(instance, seed).steps.reshape(slots.request.shape)
    bandwidth = random_feasible(instance, seed).bandwidth.reshape(slots.request.shape)
    verdict = judged(slots, instance, bandwidth, steps)
    assert verdict.feasible
    total = (verdict.cost - verdict.loading_cost) * verdict.active_requests
    assert slot_costs(slots, bandwidth, steps).sum() == pytest.approx(total, rel=1e-12)


def test_air_time_is_that_of_the_plain_formula() -> None:
    document, slots, _ = random_slots(3, shape=(2, 2, 3), idle=0.3)
    bandwidth = np.random.default_rng(0).uniform(0.01, 1, slots.request.shape)
    seconds = air_time(slots, bandwidth)
    assert (seconds[~slots.active] == 0).all()
    for row, requests in enumerate(requests_of(document)):
        for n, request in requests.items():
            expected = independent.air_time(document["system"], request, float(bandwidth[row, n]))
            assert seconds[row, n] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("seed", range(4))
def test_time_and_quality_of_steps_are_those_of_the_plain_formulas(seed: int) -> None:
    """Whatever the deadline: seconds and TV of each number of steps, and what they cost on time."""
    document, slots = late_slots(seed, shape=(2, 2, 3), idle=0.3)
    options = np.array([0, 1, 7, 30, 100])
    steps = np.broadcast_to(options, (*slots.request.shape, len(options)))
    seconds, tv = service(slots, steps)
    again, cost = service_costs(slots, steps)
    alpha, beta = document["system"]["latency_weight"], document["system"]["tv_to_s"]
    assert (seconds == again).all()
    for array in (seconds, tv, cost):
        assert (array[~slots.active] == 0).all()
    for row, requests in enumerate(requests_of(document)):
        for n, request in requests.items():
            expected = np.array([independent.generation(document["system"], request, int(s)) for s in options])
            assert seconds[row, n] == pytest.approx(expected[:, 0], rel=1e-13)
            assert tv[row, n] == pytest.approx(expected[:, 1], rel=1e-13)
            assert cost[row, n] == pytest.approx(alpha * expected[:, 0] + (1 - alpha) * beta * expected[:, 1])
