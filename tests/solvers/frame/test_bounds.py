"""What bounds a frame's caches: never above what a cache costs, and complete lists of those below a limit."""

from __future__ import annotations

import numpy as np
import pytest

from problems.certificates.bound import certified_bound, priced_frames
from problems.prices import Prices
from solvers.base import Budget
from solvers.caching.milp_relaxation import MilpRelaxation
from solvers.frame.bounds import EnvelopeBounds, FrameBounds, coupled_start
from tests.cases import sampled
from tests.solvers.frame.frames import charged_costs, one_frame
from tests.solvers.support import first_frames, silent

TURNS = 60


def check(bounds: FrameBounds, masks: np.ndarray, cost: np.ndarray) -> None:
    """``bounds`` against the costs of all caches."""
    assert bounds.lower <= cost.min() * (1 + 1e-9)
    known = dict(zip(masks.tolist(), cost.tolist(), strict=True))
    for limit in np.quantile(cost, [0.0, 0.1, 0.5, 1.0]).tolist():
        found, bound, whole = bounds.below(limit, 1000, Budget())
        assert whole
        assert set(masks[cost <= limit].tolist()) <= set(found.tolist()) <= set(masks.tolist())
        assert len(set(found.tolist())) == len(found)
        assert bound.tolist() == sorted(bound.tolist())
        assert all(low <= known[mask] * (1 + 1e-9) for mask, low in zip(found.tolist(), bound.tolist(), strict=True))


@pytest.mark.parametrize("seed", range(30))
def test_envelopes_bound_every_cache(seed: int) -> None:
    """Without a price of lateness, whatever is charged for holding models; a bound of any prices is one."""
    instance = one_frame(seed, deadline=False)
    rng = np.random.default_rng(seed)
    charge = rng.choice([0.0, 1.0]) * rng.normal(0, 2, 6)
    masks, cost = charged_costs(instance, charge)
    for price in (None, rng.choice([0.0, 0.1, 1.0]) * rng.random(4)):
        bounds = EnvelopeBounds(instance, 0, charge, price, TURNS)
        check(bounds, masks, cost)
        assert bounds.cache in masks


@pytest.mark.parametrize("seed", range(20))
def test_coupled_prices_bound_every_cache(seed: int) -> None:
    """With a deadline; and what they say is what the certificate of the same prices says."""
    instance = one_frame(seed, deadline=True)
    masks, cost = charged_costs(instance, np.zeros(6))
    start = EnvelopeBounds(instance, 0, np.zeros(6), None, TURNS)
    raised = coupled_start(instance, 0, start, float(cost.min()), TURNS)
    check(start, masks, cost)
    check(raised.bounds, masks, cost)
    assert raised.bounds.lower >= start.lower * (1 - 1e-3)
    frames = priced_frames(instance, Prices(raised.steps[None], raised.band[None], np.zeros((1, 6))))
    assert raised.bounds.base == pytest.approx(frames.base[0], rel=1e-9)
    assert raised.bounds.worth == pytest.approx(frames.worth[0], rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("family", ["small", "paper", "metro"])
def test_prices_are_about_those_of_the_linear_programme(family: str) -> None:
    instance = first_frames(sampled(family, 1, 1), 1)
    bounds = EnvelopeBounds(instance, 0, np.zeros(len(instance.models)), None, 200)
    relaxed = MilpRelaxation().relax(instance, Budget()).plan.lower_bound
    assert relaxed is not None
    assert bounds.lower / instance.active_requests == pytest.approx(relaxed, rel=1e-3)
    prices = Prices(bounds.step_price[None], bounds.band_price[None], np.zeros((1, len(instance.models))))
    assert certified_bound(instance, prices) * instance.active_requests == pytest.approx(bounds.lower, rel=1e-6)


def test_a_list_that_is_cut_short_says_so() -> None:
    instance = one_frame(0, deadline=False)
    bounds = EnvelopeBounds(instance, 0, np.zeros(6), None, TURNS)
    assert not bounds.below(np.inf, 2, Budget())[2]
    assert not bounds.below(np.inf, 1000, Budget(time_limit_s=0.0))[2]


def test_a_frame_without_requests_costs_nothing() -> None:
    bounds = EnvelopeBounds(silent(one_frame(0, deadline=False)), 0, np.zeros(6), None, TURNS)
    assert bounds.lower == 0.0
