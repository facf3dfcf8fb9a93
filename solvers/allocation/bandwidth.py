"""The bandwidth of a slot by its KKT conditions, with a dual certificate.

Written with L = ln(1 + u), q = u / (1 + u) and u = snr / b, a user's air time is
``up / (b L) + down / b`` and minus its derivative is ``F(b) / b^2`` with
``F = up (L - q) / L^2 + down``. At the optimum ``w F(b) / b^2`` is the same price nu for every user
(Boyd and Vandenberghe, Convex Optimization, sections 5.5.3 and 5.5.5). F depends on b only through a
logarithm, so Newton's method in ln b needs few steps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from problems import physics
from problems.episode import Slots
from problems.equal_split import equal_split

MAX_NEWTON = 60
GAP_TOLERANCE = 1e-14
SERIES_BELOW = 1e-4
LARGEST = float(np.finfo(float).max)
NO_LOAD = 1e-28
"""Users without any load count as this share of the greatest one, since b must be positive."""
LEAST_LOAD = 1e-200
"""Seconds: a slot in which nobody has more to send is split equally."""


@dataclass(frozen=True, eq=False)
class AirLoads:
    """What air time is made of; (B, N) arrays, 0 for idle users: air(b) = up / (b ln(1 + snr / b)) + down / b."""

    up: np.ndarray
    """8 d_in ln 2 / W_u, seconds."""
    snr: np.ndarray
    """p_u g / (N_0 W_u)."""
    down: np.ndarray
    """8 d_out / (W_d log2(1 + p_b g / (N_0 W_d))), seconds."""

    @classmethod
    def of(cls, slots: Slots) -> AirLoads:
        """From gains and sizes."""
        system, active = slots.system, slots.active
        gain = np.where(active, slots.gain, 1.0)
        up = physics.MBIT_PER_MB * slots.input_mb * math.log(2.0) / system.uplink_mhz
        down = physics.MBIT_PER_MB * slots.output_mb / physics.downlink_mbps(np.ones_like(gain), gain, system)
        with np.errstate(over="ignore"):
            snr = gain * system.user_power_w / (system.noise_w_per_mhz * system.uplink_mhz)
        return cls(up=np.where(active, up, 0.0), snr=snr, down=np.where(active, down, 0.0))


def optimal_bandwidth(slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    """The bandwidth (B, N) that minimises alpha times the air time of each slot, deadline left aside.

    Also a certified lower bound (B,) on that sum, in cost. With alpha = 0 bandwidth does not matter
    and the split is equal.
    """
    alpha = slots.system.latency_weight
    if alpha == 0:
        return equal_bandwidth(slots), np.zeros(len(slots))
    loads = AirLoads.of(slots)
    bandwidth = np.zeros(slots.request.shape)
    bound = np.zeros(len(slots))
    _split_all(loads.up, loads.snr, loads.down, slots.active, bandwidth, bound)
    return bandwidth, alpha * bound


def equal_bandwidth(slots: Slots) -> np.ndarray:
    """(B, N) equal shares for the active users."""
    return equal_split(slots.request, slots.cached, slots.catalogue, slots.system.step_budget)[0]


@njit(cache=True)
def _split_all(
    up: np.ndarray, snr: np.ndarray, down: np.ndarray, active: np.ndarray, bandwidth: np.ndarray, bound: np.ndarray
) -> None:
    for row in range(up.shape[0]):
        who = np.nonzero(active[row])[0]
        if len(who) == 0:
            continue
        share, value = split_band(up[row][who], snr[row][who], down[row][who])
        bandwidth[row][who] = share
        bound[row] = value


@njit(cache=True)
def split_band(up: np.ndarray, snr: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, float]:
    """Shares (N,) that minimise the sum of air times, and a lower bound on it in seconds.

    Newton on ln b with the price eliminated; the bound is that of Frank and Wolfe, the
    objective less ``max F/b^2 - sum F/b`` (Jaggi, Revisiting Frank-Wolfe, 2013, section 2), and less
    what was lent to users without a load.
    """
    users = len(up)
    share = np.full(users, 1.0 / users)
    best, bound = share.copy(), -np.inf
    greatest = (up + down).max()
    if greatest < LEAST_LOAD:
        return best, 0.0
    least = NO_LOAD * greatest
    lead = np.empty(users)
    curve = np.empty(users)
    for _ in range(MAX_NEWTON):
        air, mean, steepest, lent = 0.0, 0.0, 0.0, 0.0
        for n in range(users):
            b = share[n]
            load, slope, time = air_terms(b, up[n], snr[n], down[n])
            if load < least:
                lent += (least - load) / b
                load = least
            air += time
            mean += load / b
            steepest = max(steepest, load / (b * b))
            lead[n] = math.log(load) - 2.0 * math.log(b)
            curve[n] = 1.0 / (2.0 - slope)
        if air - (steepest - mean) - lent > bound:
            bound = air - (steepest - mean) - lent
            best = share.copy()
        if steepest - mean <= GAP_TOLERANCE * air:
            break
        price = (share * curve * lead).sum() / (share * curve).sum()
        share = share * np.exp(np.minimum(np.maximum((lead - price) * curve, -30.0), 30.0))
        share /= share.sum()
    return best, bound


@njit(cache=True)
def air_terms(b: float, up: float, snr: float, down: float) -> tuple[float, float, float]:
    """F(b), d ln F / d ln b and the air time of a share b > 0.

    For u below 1e-4 the differences cancel, and (L - q) / L^2 = 1/2 - u/6 + u^2/8 + O(u^3).
    """
    u = min(snr / b, LARGEST)
    log = math.log1p(u)
    if u < SERIES_BELOW:
        rate = 0.5 - u / 6.0 + u * u / 8.0
        turn = u / 6.0 - u * u / 4.0
    else:
        q = u / (1.0 + u)
        rate = (log - q) / (log * log)
        turn = q * (2.0 * (log - q) - q * log) / (log * log * log)
    load = up * rate + down
    slope = up * turn / load if load > 0.0 else 0.0
    return load, slope, (up / log if up > 0.0 else 0.0) / b + down / b
