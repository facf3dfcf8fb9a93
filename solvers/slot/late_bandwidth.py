"""The bandwidth of a slot whose steps are fixed and whose lateness has a price.

A user's cost ``alpha air(b) + kappa max(0, air(b) - slack)`` has a kink where the air time uses up
the slack. For a price nu of bandwidth the best share is the kink, clipped between the shares of a
user that is never late (weight alpha) and one that always is (weight alpha + kappa); the sum of
these shares falls with nu, so that one root finds the price.
"""

from __future__ import annotations

import math

import numpy as np

from problems.episode import Slots
from solvers.kernel import kernel
from solvers.slot.air_loads import EXACT, LEAST_LOAD, NO_LOAD, AirLoads, air_terms, share_of_air, share_of_price
from solvers.slot.costs import service

MAX_ROOT = 200
ROOT_TOLERANCE = 1e-13
LEAST_WEIGHT = 1e-9
"""alpha = 0 is taken as this share of kappa: among shares without a lateness the shorter air time wins."""


def late_bandwidth(slots: Slots, steps: np.ndarray) -> np.ndarray:
    """(B, N): the bandwidth that minimises each slot's cost for the given steps (B, N), deadline included.

    Optimal to about 1e-12 (with alpha = 0: 1e-9) of the cost. Needs a system that prices lateness.
    """
    system = slots.system
    assert system.deadline_s is not None
    slack = system.deadline_s - service(slots, steps[..., None])[0][..., 0]
    loads = AirLoads.of(slots)
    low = max(system.latency_weight, LEAST_WEIGHT * system.late_penalty)
    high = system.latency_weight + system.late_penalty
    bandwidth = np.zeros(slots.request.shape)
    _split_all_late(loads.up, loads.snr, loads.down, slack, slots.active, low, high, bandwidth)
    return bandwidth


@kernel
def _split_all_late(
    up: np.ndarray,
    snr: np.ndarray,
    down: np.ndarray,
    slack: np.ndarray,
    active: np.ndarray,
    low: float,
    high: float,
    bandwidth: np.ndarray,
) -> None:
    for row in range(up.shape[0]):
        who = np.nonzero(active[row])[0]
        if len(who) > 0:
            share = split_late_band(up[row][who], snr[row][who], down[row][who], slack[row][who], low, high)
            bandwidth[row][who] = share


@kernel
def split_late_band(
    up: np.ndarray, snr: np.ndarray, down: np.ndarray, slack: np.ndarray, low: float, high: float
) -> np.ndarray:
    """Shares (N,) for weights ``low`` below and ``high`` above the kinks; the price by a bracketed secant."""
    users = len(up)
    share = np.full(users, 1.0 / users)
    greatest = (up + down).max()
    if greatest < LEAST_LOAD:
        return share
    down = np.maximum(down, NO_LOAD * greatest)
    kink = np.array([share_of_air(slack[n], up[n], snr[n], down[n], EXACT) for n in range(users)])
    cheap, dear = np.inf, -np.inf
    for n in range(users):
        load = air_terms(1.0 / users, up[n], snr[n], down[n])[0] * users * users
        cheap, dear = min(cheap, math.log(low * load)), max(dear, math.log(high * load))
    over = _shares(cheap, up, snr, down, kink, low, high, share)
    under = _shares(dear, up, snr, down, kink, low, high, share)
    side = 0
    for turn in range(MAX_ROOT):
        if dear - cheap <= ROOT_TOLERANCE * max(1.0, abs(dear)) or abs(over - under) <= ROOT_TOLERANCE:
            break
        price = cheap + (dear - cheap) * over / (over - under) if turn % 4 < 3 else 0.5 * (cheap + dear)
        value = _shares(price, up, snr, down, kink, low, high, share)
        if abs(value) <= ROOT_TOLERANCE:
            break
        if value > 0.0:
            cheap, over = price, value
            under = 0.5 * under if side > 0 else under
            side = 1
        else:
            dear, under = price, value
            over = 0.5 * over if side < 0 else over
            side = -1
    return share / share.sum()


@kernel
def _shares(
    price: float,
    up: np.ndarray,
    snr: np.ndarray,
    down: np.ndarray,
    kink: np.ndarray,
    low: float,
    high: float,
    share: np.ndarray,
) -> float:
    """Fill ``share`` with the best shares at the log price; return the logarithm of their sum."""
    for n in range(len(up)):
        least = share_of_price(price - math.log(low), share[n], up[n], snr[n], down[n], EXACT)
        most = share_of_price(price - math.log(high), least, up[n], snr[n], down[n], EXACT)
        share[n] = min(max(kink[n], least), most)
    return math.log(share.sum())
