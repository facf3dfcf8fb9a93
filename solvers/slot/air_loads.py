"""What the air times of a slot are made of: three numbers a user, and the functions of a share b that they define.

Written with L = ln(1 + u), q = u / (1 + u) and u = snr / b, a user's air time is
``up / (b L) + down / b`` and minus its derivative is ``F(b) / b^2`` with
``F = up (L - q) / L^2 + down``. F depends on b only through a logarithm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from problems.episode import Slots
from problems.physics import LN2, MBIT_PER_MB
from solvers.kernel import kernel, vector_kernel
from solvers.slot.logarithm import log1p_and_share

SERIES_BELOW = 1e-4
"""u below which (L - q) / L^2 = 1/2 - u/6 + u^2/8 + O(u^3) is used, since the difference cancels."""
LARGEST = float(np.finfo(float).max)
NO_LOAD = 1e-28
"""Users without any load count as this share of the greatest one, since b must be positive."""
MOST_NEWTON = 200
LONGEST_MOVE = 30.0
"""In ln b."""
EXACT, NEAR = 1e-14, 1e-7
"""Of a share's search: the last move in ln b, relative to ln b where that is above 1. Quadratic convergence has squared
it by then, so that ``NEAR`` is near enough where a bound holds for any share."""
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
        system = slots.system
        up, snr, down = (np.empty(slots.request.shape) for _ in range(3))
        _fill_loads(
            *(slots.gain.ravel(), slots.input_mb.ravel(), slots.output_mb.ravel(), slots.active.ravel()),
            MBIT_PER_MB * LN2 / system.uplink_mhz,
            system.user_power_w / (system.noise_w_per_mhz * system.uplink_mhz),
            MBIT_PER_MB * LN2 / system.downlink_mhz,
            system.bs_power_w / (system.noise_w_per_mhz * system.downlink_mhz),
            *(up.ravel(), snr.ravel(), down.ravel()),
        )
        return cls(up, snr, down)


@vector_kernel
def _fill_loads(
    gain: np.ndarray,
    input_mb: np.ndarray,
    output_mb: np.ndarray,
    active: np.ndarray,
    up_a_mb: float,
    user_snr: float,
    down_a_mb: float,
    bs_snr: float,
    up: np.ndarray,
    snr: np.ndarray,
    down: np.ndarray,
) -> None:
    for j in range(len(gain)):
        power = gain[j] if active[j] else 1.0
        snr[j] = min(power * user_snr, LARGEST)
        log, _share = log1p_and_share(min(power * bs_snr, LARGEST))
        up[j] = input_mb[j] * up_a_mb if active[j] else 0.0
        down[j] = output_mb[j] * down_a_mb / log if active[j] else 0.0


@kernel
def air_terms(b: float, up: float, snr: float, down: float) -> tuple[float, float, float]:
    """F(b), d ln F / d ln b and the air time of a share b > 0."""
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


@kernel
def share_of_price(log_price: float, start: float, up: float, snr: float, down: float, tolerance: float) -> float:
    """The b with ln(F(b) / b^2) = log_price: Newton in ln b from ``start``, until a move is within the tolerance."""
    x = math.log(start)
    for _ in range(MOST_NEWTON):
        load, slope, _air = air_terms(math.exp(x), up, snr, down)
        move = (math.log(load) - 2.0 * x - log_price) / (2.0 - slope)
        x += min(max(move, -LONGEST_MOVE), LONGEST_MOVE)
        if abs(move) <= tolerance * max(1.0, abs(x)):
            break
    return math.exp(x)


@kernel
def share_of_air(seconds: float, up: float, snr: float, down: float, tolerance: float) -> float:
    """The b <= 1 whose air time is ``seconds``, found likewise; infinite where the whole band is too little."""
    if air_terms(1.0, up, snr, down)[2] >= seconds:
        return np.inf
    target, x = math.log(seconds), 0.0
    for _ in range(MOST_NEWTON):
        b = math.exp(x)
        load, _slope, air = air_terms(b, up, snr, down)
        move = air * (math.log(air) - target) * b / load
        x += min(max(move, -LONGEST_MOVE), LONGEST_MOVE)
        if abs(move) <= tolerance * max(1.0, abs(x)):
            break
    return math.exp(x)
