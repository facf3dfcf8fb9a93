"""The bandwidth of a slot against bisection in plain Python, and its certificate against any other split."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from problems.episode import Slots
from solvers.slot.air_loads import AirLoads
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.costs import air_time
from tests import independent
from tests.cases import Document, as_instance, edited, random_document, sampled
from tests.solvers.slot.array_bandwidth import array_bandwidth
from tests.solvers.slot.slot_cases import many_slots, requests_of
from tests.solvers.support import all_slots, slots_where


def harsh_document(seed: int, users: int, slots: int = 4, idle: float = 0.2) -> Document:
    """Gains from 1e-22 to 1, sizes of nothing, almost nothing and a lot."""
    document = random_document(seed, shape=(1, slots, users), idle=idle, deadline=False)
    rng = random.Random(seed)
    shape = [range(1), range(slots), range(users)]

    def draw(value: Any) -> list[list[list[float]]]:
        return [[[value() for _ in shape[2]] for _ in shape[1]] for _ in shape[0]]

    sizes = (0.0, 1e-12, 1e-6, 0.5, 30.0)
    document["trace"]["gain"] = draw(lambda: 10 ** rng.uniform(-22, 0))
    document["trace"]["input_mb"] = draw(lambda: rng.choice(sizes))
    document["trace"]["output_mb"] = draw(lambda: rng.choice(sizes))
    return document


def total_air(system: Document, requests: dict[int, independent.Request], shares: Any) -> float:
    pairs = zip(requests.values(), shares, strict=True)
    return sum(independent.air_time(system, request, float(b)) for request, b in pairs)


def shares_cost(slots: Slots, bandwidth: np.ndarray) -> np.ndarray:
    return slots.system.latency_weight * air_time(slots, bandwidth).sum(axis=1)


def check_against_bisection(document: Document) -> None:
    slots = all_slots(document)
    bandwidth, bound = optimal_bandwidth(slots)
    for row, requests in enumerate(requests_of(document)):
        users = list(requests)
        assert bandwidth[row].sum() == pytest.approx(1.0 if users else 0.0, rel=1e-12)
        assert (bandwidth[row, users] > 0).all()
        found = total_air(document["system"], requests, bandwidth[row, users])
        best = total_air(
            document["system"], requests, independent.best_bandwidth(document["system"], [*requests.values()])
        )
        assert found == pytest.approx(best, rel=1e-10, abs=1e-300)
        alpha = document["system"]["latency_weight"]
        assert bound[row] == pytest.approx(alpha * best, rel=1e-10, abs=1e-300)


@pytest.mark.parametrize("seed", range(25))
def test_agrees_with_bisection(seed: int) -> None:
    check_against_bisection(random_document(seed, shape=(2, 3, 1 + seed % 6), deadline=False))


@pytest.mark.parametrize("seed", range(25))
def test_agrees_with_bisection_on_harsh_channels_and_empty_requests(seed: int) -> None:
    check_against_bisection(harsh_document(seed, users=1 + seed % 5))


def test_agrees_with_bisection_for_200_users() -> None:
    check_against_bisection(harsh_document(0, users=200, slots=1))


@pytest.mark.parametrize("seed", range(30))
def test_no_split_goes_below_the_certified_bound(seed: int) -> None:
    document = harsh_document(seed, users=2 + seed % 7) if seed % 2 else random_document(seed, shape=(2, 3, 5))
    document["system"]["latency_weight"] = 0.7
    slots = all_slots(document)
    bandwidth, bound = optimal_bandwidth(slots)
    attained = shares_cost(slots, bandwidth)
    assert (bound <= attained * (1 + 1e-15)).all()
    assert (attained - bound <= 1e-11 * attained).all()
    rng = np.random.default_rng(seed)
    for spread in (1e-9, 1e-3, 1.0, 8.0):
        for _ in range(20):
            other = bandwidth * np.exp(spread * rng.standard_normal(bandwidth.shape))
            other /= np.maximum(other.sum(axis=1, keepdims=True), 1e-300)
            assert (shares_cost(slots, other) >= bound * (1 - 1e-14)).all()


def test_agrees_with_array_functions_on_whole_families() -> None:
    for slots in many_slots():
        alpha = slots.system.latency_weight
        if alpha > 0:
            loads = AirLoads.of(slots)
            share, bound = array_bandwidth(loads.up, loads.snr, loads.down, slots.active)
            native_share, native_bound = optimal_bandwidth(slots)
            np.testing.assert_allclose(share, native_share, rtol=0, atol=1e-9)
            np.testing.assert_allclose(alpha * bound, native_bound, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("family", ["tiny", "small", "paper", "drift", "deadline", "metro"])
def test_the_certificate_is_tight_on_every_family(family: str) -> None:
    slots = slots_where(sampled(family))
    bandwidth, bound = optimal_bandwidth(slots)
    attained = shares_cost(slots, bandwidth)
    assert (attained - bound <= 1e-12 * attained).all()
    assert np.allclose(bandwidth.sum(axis=1), 1.0, rtol=1e-12)


def test_a_single_user_gets_the_whole_band() -> None:
    bandwidth, _ = optimal_bandwidth(all_slots(harsh_document(3, users=1, slots=8, idle=0.0)))
    assert bandwidth == pytest.approx(1.0, rel=1e-14)


def test_idle_users_get_nothing_whatever_stands_beside_them() -> None:
    document = random_document(2, shape=(2, 3, 4), idle=0.6, deadline=False)
    plain, _ = optimal_bandwidth(all_slots(document))
    for t, frame in enumerate(document["trace"]["request"]):
        for k, slot in enumerate(frame):
            for n, m in enumerate(slot):
                if m < 0:
                    for name in ("gain", "input_mb", "output_mb"):
                        document["trace"][name][t][k][n] = -7.0
    strange, bound = optimal_bandwidth(all_slots(document))
    assert (plain == strange).all()
    assert (strange[~all_slots(document).active] == 0).all()
    assert np.isfinite(bound).all()


def test_a_slot_without_anybody_costs_nothing() -> None:
    document = edited(random_document(0, shape=(2, 1, 3), idle=0.0), ["trace", "request", 1, 0], [-1, -1, -1])
    bandwidth, bound = optimal_bandwidth(all_slots(document))
    assert (bandwidth[1] == 0).all()
    assert bound[1] == 0.0 < bound[0]


def test_without_a_price_of_latency_the_split_is_equal() -> None:
    document = edited(random_document(1, shape=(2, 3, 4)), ["system", "latency_weight"], 0)
    slots = all_slots(document)
    bandwidth, bound = optimal_bandwidth(slots)
    equal = slots.active / np.maximum(slots.active.sum(axis=1, keepdims=True), 1)
    assert (bandwidth == equal).all()
    assert (bound == 0).all()


def test_users_who_send_nothing_take_no_measurable_share() -> None:
    document = random_document(4, shape=(1, 1, 3), idle=0.0, deadline=False)
    document["trace"]["input_mb"], document["trace"]["output_mb"] = [[[5.0, 0.0, 5.0]]], [[[5.0, 0.0, 5.0]]]
    bandwidth, _ = optimal_bandwidth(all_slots(document))
    assert 0 < bandwidth[0, 1] < 1e-9


def test_a_slot_in_which_nobody_sends_anything_is_split_equally() -> None:
    document = random_document(4, shape=(1, 1, 4), idle=0.0, deadline=False)
    document["trace"]["input_mb"] = document["trace"]["output_mb"] = [[[0.0, 0.0, 0.0, 0.0]]]
    bandwidth, bound = optimal_bandwidth(all_slots(document))
    assert (bandwidth == 0.25).all()
    assert bound[0] == 0.0


@pytest.mark.parametrize("gain", [1e150, 1e300, 1.7e308])
def test_channels_beyond_all_measure_still_give_a_split_and_a_bound(gain: float) -> None:
    document = random_document(1, shape=(1, 1, 3), idle=0.0, deadline=False)
    document["trace"]["gain"] = [[[gain, 1e-10, 1e-12]]]
    slots = all_slots(document)
    with np.errstate(over="ignore"):
        bandwidth, bound = optimal_bandwidth(slots)
        attained = shares_cost(slots, bandwidth)
    assert attained[0] == pytest.approx(bound[0], rel=1e-11)
    assert (bandwidth > 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_rows_do_not_touch_each_other(seed: int) -> None:
    slots = slots_where(as_instance(random_document(seed, shape=(3, 4, 4))))
    bandwidth, bound = optimal_bandwidth(slots)
    for row in range(len(slots)):
        alone, alone_bound = optimal_bandwidth(slots.take(slice(row, row + 1)))
        assert (alone[0] == bandwidth[row]).all()
        assert alone_bound[0] == bound[row]
