"""The price of the band is what a little more of it would save."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.frame.band_prices import LEAST_WEIGHT, band_prices
from solvers.slot.bandwidth import optimal_bandwidth
from tests import independent
from tests.cases import Document, edited, random_document
from tests.solvers.slot.slot_cases import requests_of
from tests.solvers.support import all_slots


def saved_by_more(document: Document, row: int, bandwidth: np.ndarray) -> float:
    """Seconds of air time that the slot's shares save for each part of the band that they grow by."""
    requests = requests_of(document)[row]

    def seconds(factor: float) -> float:
        system = document["system"]
        return sum(independent.air_time(system, asked, factor * bandwidth[n]) for n, asked in requests.items())

    return (seconds(1 - 1e-6) - seconds(1 + 1e-6)) / 2e-6


@pytest.mark.parametrize("alpha", [0.0, 0.7])
@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_slope_of_the_air_time_s_cost(seed: int, alpha: float) -> None:
    """Without a price of latency it is that of a small part of the price of lateness."""
    document = random_document(seed, shape=(1, 3, 4), deadline=True, idle=0.3)
    document["system"] |= {"latency_weight": alpha, "late_penalty": 2.0}
    slots = all_slots(document)
    bandwidth = optimal_bandwidth(slots)[0]
    prices = band_prices(slots, bandwidth)
    weight = alpha or LEAST_WEIGHT * 2.0
    for row in range(len(slots)):
        assert prices[row] == pytest.approx(weight * saved_by_more(document, row, bandwidth[row]), rel=1e-6, abs=1e-12)


def test_at_the_optimum_every_user_would_pay_it() -> None:
    """Each share's own slope, times the whole band."""
    document = edited(random_document(1, shape=(1, 2, 4), idle=0.0, deadline=False), ["system", "latency_weight"], 0.5)
    slots = all_slots(document)
    bandwidth = optimal_bandwidth(slots)[0]
    prices = band_prices(slots, bandwidth)
    for row, requests in enumerate(requests_of(document)):
        for n, request in requests.items():
            own = 0.5 * independent.marginal_gain(document["system"], request, float(bandwidth[row, n]))
            assert prices[row] == pytest.approx(own, rel=1e-9)
