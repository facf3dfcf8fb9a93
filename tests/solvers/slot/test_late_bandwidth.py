"""The bandwidth of a slot whose lateness has a price, against searches of the plain formulas."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solvers.slot.late_bandwidth import late_bandwidth
from tests import independent
from tests.cases import Document, random_document
from tests.solvers.slot.slot_cases import plain_costs, requests_of
from tests.solvers.support import all_slots


def document_of(
    seed: int, users: int, deadline: float, kappa: float = 1.0, alpha: float = 0.5, idle: float = 0.0
) -> Document:
    """Two slots whose requests all send something."""
    document = random_document(seed, shape=(1, 2, users), idle=idle, deadline=True)
    document["system"].update(deadline_s=deadline, late_penalty=kappa, latency_weight=alpha)
    return document


def some_steps(document: Document, seed: int) -> np.ndarray:
    """Steps from the cloud to the best quality; which, does not matter to the bandwidth."""
    request = np.array(document["trace"]["request"]).reshape(2, -1)
    return np.where(request >= 0, np.random.default_rng(seed).choice([0, 1, 12, 40], request.shape), 0)


def lowest(cost: Callable[[float], float], low: float, high: float) -> float:
    """The least value of a convex function, by golden section."""
    ratio = (math.sqrt(5) - 1) / 2
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    at_a, at_b = cost(a), cost(b)
    for _ in range(110):
        if at_a <= at_b:
            high, b, at_b = b, a, at_a
            a = high - ratio * (high - low)
            at_a = cost(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + ratio * (high - low)
            at_b = cost(b)
    return min(at_a, at_b)


def user_costs(document: Document, row: int, steps: np.ndarray) -> list[Callable[[float], float]]:
    """For every active user of a slot its cost as a function of its share."""
    system = document["system"]
    alpha, kappa, tau = system["latency_weight"], system["late_penalty"], system["deadline_s"]

    def of(request: independent.Request, s: int) -> Callable[[float], float]:
        seconds, tv = independent.generation(system, request, s)

        def cost(b: float) -> float:
            latency = independent.air_time(system, request, b) + seconds
            return float(alpha * latency + (1 - alpha) * 0.15 * tv + kappa * max(0.0, latency - tau))

        return cost

    return [of(request, steps[row, n]) for n, request in requests_of(document)[row].items()]


def rounding(document: Document) -> float:
    """What the last bits of a latency are worth where a second late costs a fortune."""
    return 1e-13 * document["system"]["late_penalty"] * (1 + document["system"]["deadline_s"])


def dual_bound(costs: list[Callable[[float], float]], bandwidth: np.ndarray) -> float:
    """The best Lagrangian bound near the price that the shares suggest."""

    def value(log_price: float) -> float:
        price = math.exp(log_price)

        def best(cost: Callable[[float], float]) -> float:
            return lowest(lambda x: cost(math.exp(x)) + price * math.exp(x), math.log(1e-7), 0.0)

        return sum(best(cost) for cost in costs) - price

    slopes = [
        (cost(b * (1 - 1e-6)) - cost(b * (1 + 1e-6))) / (2e-6 * b) for cost, b in zip(costs, bandwidth, strict=True)
    ]
    logs = [math.log(slope) for slope in slopes if slope > 0]
    return -lowest(lambda x: -value(x), min(logs) - 1, max(logs) + 1)


REGIMES = [
    *[(deadline, kappa, alpha) for deadline in (0.0, 2.0, 5.0, 8.0) for kappa, alpha in ((1.0, 0.5), (0.01, 0.9))],
    (6.0, 1.0, 0.0),
    (3.0, 100.0, 0.0),
    (6.0, 1e6, 0.5),
    (4.0, 1e12, 0.5),
    (100.0, 1.0, 0.5),
    (6.0, 1e-9, 1.0),
]


@pytest.mark.parametrize(("deadline", "kappa", "alpha"), REGIMES)
@pytest.mark.parametrize("seed", range(6))
def test_two_users_against_golden_section(seed: int, deadline: float, kappa: float, alpha: float) -> None:
    document = document_of(seed, 2, deadline, kappa, alpha)
    steps = some_steps(document, seed)
    found = plain_costs(document, late_bandwidth(all_slots(document), steps), steps)
    for row in range(2):
        first, second = user_costs(document, row, steps)
        best = lowest(lambda b, first=first, second=second: first(b) + second(1 - b), 1e-7, 1 - 1e-7)  # type: ignore[misc]
        assert found[row] <= best * (1 + 1e-9) + rounding(document)


@pytest.mark.parametrize(
    ("deadline", "kappa", "alpha"), [(0.0, 1.0, 0.5), (4.0, 1.0, 0.5), (7.0, 3.0, 0.2), (9.0, 1e4, 0.5)]
)
@pytest.mark.parametrize("seed", range(2))
def test_five_users_attain_their_dual_bound(seed: int, deadline: float, kappa: float, alpha: float) -> None:
    """Weak duality: no split costs less than the bound, so that one which attains it is optimal."""
    document = document_of(seed, 5, deadline, kappa, alpha)
    steps = some_steps(document, seed)
    bandwidth = late_bandwidth(all_slots(document), steps)
    found = plain_costs(document, bandwidth, steps)[0]
    bound = dual_bound(user_costs(document, 0, steps), bandwidth[0])
    assert bound * (1 - 1e-9) <= found <= bound * (1 + 1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_neither_other_splits_nor_exchanges_are_cheaper(seed: int) -> None:
    rng = np.random.default_rng(seed)
    document = document_of(seed, 5, rng.choice([0.0, 2.0, 4.0, 6.0, 9.0]), 10 ** rng.uniform(-2, 3), rng.random())
    steps = some_steps(document, seed)
    bandwidth = late_bandwidth(all_slots(document), steps)
    found = np.array(plain_costs(document, bandwidth, steps))
    assert bandwidth.sum(axis=1) == pytest.approx(1.0, rel=1e-12)
    others = [rng.dirichlet(np.ones(5), 2) for _ in range(20)]
    for spread in (1e-6, 1e-3, 0.1):
        wobbled = [bandwidth * np.exp(spread * rng.standard_normal((2, 5))) for _ in range(10)]
        others += [other / other.sum(axis=1, keepdims=True) for other in wobbled]
    for giver in range(5):
        for taker in range(5):
            for part in (1e-1, 1e-4, 1e-7):
                moved = bandwidth.copy()
                moved[:, giver] -= part * bandwidth[:, giver]
                moved[:, taker] += part * bandwidth[:, giver]
                others.append(moved)
    for other in others:
        assert (np.array(plain_costs(document, other, steps)) >= found * (1 - 1e-11)).all()


@pytest.mark.parametrize("seed", range(5))
def test_where_everybody_is_late_or_nobody_is_it_is_the_plain_bandwidth(seed: int) -> None:
    for deadline, nobody_late in ((0.0, False), (1e6, True)):
        document = document_of(seed, 4, deadline, idle=0.3)
        steps = some_steps(document, seed)
        bandwidth = late_bandwidth(all_slots(document), steps)
        system = document["system"]
        for row, requests in enumerate(requests_of(document)):
            users, asked = list(requests), list(requests.values())
            best = independent.best_bandwidth(system, asked)
            pairs = zip(asked, best, strict=True)
            plain = sum(independent.air_time(system, request, b) for request, b in pairs)
            pairs = zip(asked, bandwidth[row, users], strict=True)
            found = sum(independent.air_time(system, request, float(b)) for request, b in pairs)
            assert found == pytest.approx(plain, rel=1e-10), nobody_late


def test_a_user_on_the_kink_gets_what_it_needs_to_be_in_time_and_no_more() -> None:
    """Between the price at which it pays to be late and the one at which it pays to be early, the kink holds."""
    document = document_of(0, 2, 5.0, kappa=1e3)
    system, requests = document["system"], list(requests_of(document)[0].values())
    seconds = [independent.generation(system, request, 0)[0] for request in requests]

    def latencies(shares: Any) -> list[float]:
        triples = zip(requests, shares, seconds, strict=True)
        return [independent.air_time(system, request, float(b)) + rest for request, b, rest in triples]

    plain = latencies(independent.best_bandwidth(system, requests))
    assert max(plain) - min(plain) > 0.5
    system["deadline_s"] = max(plain) - 0.1
    found = latencies(late_bandwidth(all_slots(document), np.zeros((2, 2), dtype=int))[0])
    assert max(found) == pytest.approx(system["deadline_s"], rel=1e-12)
    assert min(plain) < min(found) < system["deadline_s"]


@pytest.mark.parametrize("alpha", [0.0, 0.5])
@pytest.mark.parametrize("deadline", [0.0, 5.0, 50.0])
def test_requests_without_data_and_users_without_requests(deadline: float, alpha: float) -> None:
    document = document_of(3, 4, deadline, alpha=alpha)
    document["trace"]["request"] = [[[0, -1, 1, 2], [-1, -1, -1, -1]]]
    document["trace"]["input_mb"] = document["trace"]["output_mb"] = [[[0.0, 5.0, 5.0, 5.0]] * 2]
    bandwidth = late_bandwidth(all_slots(document), np.zeros((2, 4), dtype=int))
    assert 0 < bandwidth[0, 0] < 1e-6
    assert (bandwidth[0, [2, 3]] > 0).all()
    assert (bandwidth[0, 1], bandwidth[0].sum()) == (0.0, pytest.approx(1.0, rel=1e-12))
    assert (bandwidth[1] == 0).all()


@pytest.mark.parametrize("deadline", [0.0, 5.0, 50.0])
def test_a_slot_in_which_nobody_sends_anything_is_split_equally(deadline: float) -> None:
    document = document_of(3, 3, deadline)
    document["trace"]["input_mb"] = document["trace"]["output_mb"] = [[[0.0] * 3] * 2]
    assert (late_bandwidth(all_slots(document), np.zeros((2, 3), dtype=int)) == 1 / 3).all()


@pytest.mark.parametrize("seed", range(4))
def test_rows_do_not_touch_each_other(seed: int) -> None:
    document = document_of(seed, 4, 6.0, idle=0.3)
    slots, steps = all_slots(document), some_steps(document, seed)
    together = late_bandwidth(slots, steps)
    for row in range(len(slots)):
        rows = slice(row, row + 1)
        assert (late_bandwidth(slots.take(rows), steps[rows]) == together[rows]).all()
