"""What air times are made of, against the plain formula and against decimals of sixty digits."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest

from solvers.slot.air_loads import EXACT, NEAR, AirLoads, air_terms, share_of_air, share_of_price
from tests import independent
from tests.solvers.slot.slot_cases import random_slots, requests_of

LOADS = [(2.0, 1e-9, 0.7), (2.0, 5e-5, 0.0), (0.3, 1e-3, 1.1), (5.0, 0.4, 0.0), (1.0, 30.0, 2.0), (3.0, 1e9, 1e-3)]
"""up, snr, down: from where the power limits the rate to where the band does, on either side of the series."""
SHARES = [1e-6, 0.01, 0.3, 1.0]


def air(b: Decimal, up: Decimal, snr: Decimal, down: Decimal) -> Decimal:
    return up / (b * (1 + snr / b).ln()) + down / b


def falls(b: float, loads: tuple[float, float, float]) -> float:
    """-b^2 d air / d b, by a central difference."""
    with localcontext() as context:
        context.prec = 60
        share, numbers = Decimal(b), [Decimal(load) for load in loads]
        h = share * Decimal("1e-15")
        slope = (air(share + h, *numbers) - air(share - h, *numbers)) / (2 * h)
        return float(-slope * share * share)


@pytest.mark.parametrize("seed", range(6))
def test_they_give_the_air_time_of_the_plain_formula(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 4), idle=0.3)
    loads = AirLoads.of(slots)
    assert (loads.up[~slots.active] == 0).all()
    assert (loads.down[~slots.active] == 0).all()
    for row, requests in enumerate(requests_of(document)):
        for n, request in requests.items():
            for b in SHARES:
                expected = independent.air_time(document["system"], request, b)
                found = air_terms(b, loads.up[row, n], loads.snr[row, n], loads.down[row, n])[2]
                assert found == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("loads", LOADS)
@pytest.mark.parametrize("b", SHARES)
def test_the_load_is_the_slope_of_the_air_time_and_its_elasticity_that_of_the_load(
    b: float, loads: tuple[float, float, float]
) -> None:
    load, elasticity, seconds = air_terms(b, *loads)
    with localcontext() as context:
        context.prec = 60
        assert seconds == pytest.approx(float(air(Decimal(b), *map(Decimal, loads))), rel=1e-14)
    assert load == pytest.approx(falls(b, loads), rel=1e-10)
    step = 1e-4
    more, less = (math.log(falls(b * math.exp(sign * step), loads)) for sign in (1, -1))
    assert elasticity == pytest.approx((more - less) / (2 * step), abs=1e-6)


@pytest.mark.parametrize("loads", LOADS)
@pytest.mark.parametrize("b", SHARES)
@pytest.mark.parametrize(("tolerance", "close"), [(EXACT, 1e-12), (NEAR, 1e-9)])
def test_the_share_of_a_price_has_that_price_wherever_the_search_starts(
    b: float, loads: tuple[float, float, float], tolerance: float, close: float
) -> None:
    price = math.log(falls(b, loads) / b**2)
    for start in (1e-9, b, 0.5, 1.0):
        assert share_of_price(price, start, *loads, tolerance) == pytest.approx(b, rel=close)


@pytest.mark.parametrize("loads", LOADS)
@pytest.mark.parametrize("b", SHARES[:-1])
def test_the_share_of_an_air_time_takes_that_long(b: float, loads: tuple[float, float, float]) -> None:
    seconds = air_terms(b, *loads)[2]
    share = share_of_air(seconds, *loads, EXACT)
    assert air_terms(share, *loads)[2] == pytest.approx(seconds, rel=1e-13)


@pytest.mark.parametrize("loads", LOADS)
def test_an_air_time_that_the_whole_band_does_not_allow_has_no_share(loads: tuple[float, float, float]) -> None:
    least = air_terms(1.0, *loads)[2]
    for seconds in (least, 0.99 * least, 0.0, -1.0):
        assert share_of_air(seconds, *loads, EXACT) == np.inf
