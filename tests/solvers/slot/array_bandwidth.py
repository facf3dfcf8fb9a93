"""The bandwidth of many slots at once by array functions alone, for NumPy arrays and torch tensors.

The mathematics of :mod:`solvers.slot.bandwidth` without its native loops: what tests hold those against,
and what runs on an accelerator or inside a learner.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from solvers.slot.air_loads import NO_LOAD

Array = Any
"""A NumPy array or a torch tensor of floats."""

NEWTON_TURNS = 4
SERIES_BELOW = 1e-3
"""u below which differences cancel in single precision."""


def array_bandwidth(up: Array, snr: Array, down: Array, active: Array) -> tuple[Array, Array]:
    """Shares (B, N) that minimise the sum of air times of each slot, and a lower bound (B,) on it in seconds.

    ``up``, ``snr`` and ``down`` (B, N) are the fields of :class:`solvers.slot.air_loads.AirLoads`, all of
    one kind and precision; ``active`` (B, N) is boolean. Some user of every active slot must have a load. In double
    precision optimal to about 1e-13, in single to 1e-6.
    """
    xp = array_namespace(up, snr, down, active)
    zero = xp.zeros_like(up)
    users = xp.sum(xp.astype(active, up.dtype), axis=1, keepdims=True)
    greatest = xp.max(xp.where(active, up + down, zero), axis=1, keepdims=True)
    least = NO_LOAD * greatest + float(xp.finfo(up.dtype).tiny)
    lent = xp.clip(least - down, 0.0, None)
    down = down + lent
    share = xp.ones_like(up) / xp.clip(users, 1.0, None)
    for _ in range(NEWTON_TURNS):
        load, bend, _air = _terms(xp, share, up, snr, down)
        weight = 1.0 / (load - bend)
        scale = xp.where(active, xp.sqrt(load) * load * weight, zero)
        shift = xp.where(active, -bend * share * weight, zero)
        slope = xp.sum(scale, axis=1, keepdims=True)
        t = (1.0 - xp.sum(shift, axis=1, keepdims=True)) / xp.where(users > 0, slope, xp.ones_like(slope))
        share = xp.where(active, xp.maximum(t * scale + shift, 0.1 * share), share)
    load, _bend, air = _terms(xp, share, up, snr, down)
    steepest = xp.max(xp.where(active, load / share**2, zero), axis=1)
    bound = xp.sum(xp.where(active, air + (load - 2.0 * lent) / share, zero), axis=1) - steepest
    share = xp.where(active, share, zero)
    total = xp.sum(share, axis=1, keepdims=True)
    return share / xp.where(users > 0, total, xp.ones_like(total)), bound


def _terms(xp: Any, share: Array, up: Array, snr: Array, down: Array) -> tuple[Array, Array, Array]:
    """F(b), half of F times its elasticity, and the air time of shares b > 0."""
    u = xp.clip(snr / share, None, float(xp.finfo(up.dtype).max))
    log = xp.log1p(u)
    q = u / (1.0 + u)
    tiny = u < SERIES_BELOW
    rate = xp.where(tiny, 0.5 - u / 6.0 + u * u / 8.0 - 19.0 * u**3 / 180.0, (log - q) / log**2)
    turn = xp.where(tiny, u / 6.0 - u * u / 4.0, q * (2.0 * (log - q) - q * log) / log**3)
    return up * rate + down, 0.5 * up * turn, (up / log + down) / share
