"""Rates, air time, quality and generation curves, and the cost of a request.

Pure elementwise functions. Arrays are NumPy arrays or torch tensors, all of one kind in a call, of
any broadcastable shapes; the result is of the same kind. The formulas are those of docs/problem.md,
section 3.
"""

from __future__ import annotations

import math
from typing import Any

from array_api_compat import array_namespace

from problems.scenario import System

Array = Any
"""A NumPy array or a torch tensor."""

MBIT_PER_MB = 8.0
LN2 = math.log(2.0)
SMALLEST_SNR = 1e-100
SERIES_BELOW = 1e-5


def uplink_mbps(bandwidth: Array, gain: Array, system: System) -> Array:
    """r_up(b) = b W_u log2(1 + p_u g / (N_0 W_u b)), in Mbit/s.

    ``bandwidth`` is the share b > 0 of the band, ``gain`` the linear power gain g. The user's
    power fills its own share, so the rate is concave and increasing in b.
    """
    xp = array_namespace(bandwidth, gain)
    snr = (system.user_power_w / (system.noise_w_per_mhz * system.uplink_mhz)) * gain / bandwidth
    return bandwidth * (system.uplink_mhz / LN2) * xp.log1p(_finite(snr, xp))


def downlink_mbps(bandwidth: Array, gain: Array, system: System) -> Array:
    """r_dn(b) = b W_d log2(1 + p_b g / (N_0 W_d)), in Mbit/s: the base station's density is flat."""
    xp = array_namespace(bandwidth, gain)
    snr = (system.bs_power_w / (system.noise_w_per_mhz * system.downlink_mhz)) * gain
    return bandwidth * (system.downlink_mhz / LN2) * xp.log1p(_finite(snr, xp))


def _finite(snr: Array, xp: Any) -> Array:
    """A ratio that overflowed would make the rate of an almost empty share infinite."""
    return xp.clip(snr, None, float(xp.finfo(snr.dtype).max))


def air_time_s(bandwidth: Array, gain: Array, input_mb: Array, output_mb: Array, system: System) -> Array:
    """air(b) = 8 d_in / r_up(b) + 8 d_out / r_dn(b), in seconds; convex and decreasing in b."""
    up = MBIT_PER_MB * input_mb / uplink_mbps(bandwidth, gain, system)
    return up + MBIT_PER_MB * output_mb / downlink_mbps(bandwidth, gain, system)


def air_slope_s(bandwidth: Array, gain: Array, input_mb: Array, output_mb: Array, system: System) -> Array:
    """-b^2 d air / d b > 0, in seconds: the worth of more bandwidth, which varies slowly with b.

    With u = p_u g / (N_0 W_u b), L = ln(1 + u) and q = u / (1 + u) the uplink's part is b times its air time
    times 1 - q / L; for small u, where the difference cancels, that is u/2 - 5 u^2/12 + O(u^3).
    """
    xp = array_namespace(bandwidth, gain)
    snr = (system.user_power_w / (system.noise_w_per_mhz * system.uplink_mhz)) * gain / bandwidth
    snr = xp.clip(_finite(snr, xp), SMALLEST_SNR, None)
    turn = 1.0 - (snr / (1.0 + snr)) / xp.log1p(snr)
    turn = xp.where(snr < SERIES_BELOW, snr / 2.0 - 5.0 * snr * snr / 12.0, turn)
    up = MBIT_PER_MB * input_mb / uplink_mbps(bandwidth, gain, system)
    down = MBIT_PER_MB * output_mb / downlink_mbps(bandwidth, gain, system)
    return bandwidth * (up * turn + down)


def quality_tv(steps: Array, steps_low: Array, steps_high: Array, tv_worst: Array, tv_best: Array) -> Array:
    """q_m(s) in TV (lower is better): ``tv_worst`` up to A1, ``tv_best`` from A2, linear between."""
    xp = array_namespace(steps, steps_low)
    progress = xp.clip((steps - steps_low) / (steps_high - steps_low), 0.0, 1.0)
    return tv_worst * (1.0 - progress) + tv_best * progress


def edge_time_s(steps: Array, step_s: Array, setup_s: Array) -> Array:
    """B1 s + B2: seconds of generation at the edge for s >= 1 steps."""
    return step_s * steps + setup_s


def cloud_time_s(input_mb: Array, output_mb: Array, cloud_s: Array, system: System) -> Array:
    """8 (d_in + d_out) / R + G_m: seconds of backhaul, queue and generation in the cloud."""
    return MBIT_PER_MB * (input_mb + output_mb) / system.backhaul_mbps + cloud_s


def latency_s(
    bandwidth: Array,
    steps: Array,
    gain: Array,
    input_mb: Array,
    output_mb: Array,
    step_s: Array,
    setup_s: Array,
    cloud_s: Array,
    system: System,
) -> Array:
    """Seconds from request to content: at the edge where steps >= 1, through the cloud where steps = 0."""
    xp = array_namespace(bandwidth, gain)
    air = air_time_s(bandwidth, gain, input_mb, output_mb, system)
    edge = edge_time_s(steps, step_s, setup_s)
    return air + xp.where(steps >= 1, edge, cloud_time_s(input_mb, output_mb, cloud_s, system))


def lateness_s(latency: Array, system: System) -> Array:
    """max(0, latency - tau) in seconds; zero without a deadline."""
    xp = array_namespace(latency)
    if system.deadline_s is None:
        return xp.zeros_like(latency)
    return xp.clip(latency - system.deadline_s, 0.0, None)


def request_cost(latency: Array, tv: Array, system: System) -> Array:
    """alpha latency + (1 - alpha) beta TV + kappa max(0, latency - tau), for ``latency`` in seconds."""
    alpha = system.latency_weight
    cost = alpha * latency + (1.0 - alpha) * system.tv_to_s * tv
    return cost + system.late_penalty * lateness_s(latency, system)
