"""The bandwidth of many slots at once by array functions: an independent check of the native loops.

The equations of :mod:`solvers.slot.bandwidth`, for whole families where plain Python takes too long.
"""

from __future__ import annotations

import numpy as np

from solvers.slot.air_loads import NO_LOAD

NEWTON_TURNS = 4
SERIES_BELOW = 1e-3
"""u below which differences cancel."""


def array_bandwidth(
    up: np.ndarray, snr: np.ndarray, down: np.ndarray, active: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Shares (B, N) that minimise the sum of air times of each slot, and a lower bound (B,) on it in seconds.

    ``up``, ``snr`` and ``down`` (B, N) are the fields of :class:`solvers.slot.air_loads.AirLoads`; ``active``
    (B, N) is boolean. Some user of every active slot must have a load. Optimal to about 1e-13.
    """
    users = active.sum(axis=1, keepdims=True).astype(float)
    greatest = np.where(active, up + down, 0.0).max(axis=1, keepdims=True)
    lent = np.maximum(NO_LOAD * greatest + np.finfo(float).tiny - down, 0.0)
    down = down + lent
    share = np.ones_like(up) / np.maximum(users, 1.0)
    for _ in range(NEWTON_TURNS):
        load, bend, _air = _terms(share, up, snr, down)
        weight = 1.0 / (load - bend)
        scale = np.where(active, np.sqrt(load) * load * weight, 0.0)
        shift = np.where(active, -bend * share * weight, 0.0)
        slope = scale.sum(axis=1, keepdims=True)
        t = (1.0 - shift.sum(axis=1, keepdims=True)) / np.where(users > 0, slope, 1.0)
        share = np.where(active, np.maximum(t * scale + shift, 0.1 * share), share)
    load, _bend, air = _terms(share, up, snr, down)
    steepest = np.where(active, load / share**2, 0.0).max(axis=1)
    bound = np.where(active, air + (load - 2.0 * lent) / share, 0.0).sum(axis=1) - steepest
    share = np.where(active, share, 0.0)
    return share / np.where(users > 0, share.sum(axis=1, keepdims=True), 1.0), bound


def _terms(
    share: np.ndarray, up: np.ndarray, snr: np.ndarray, down: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """F(b), half of F times its elasticity, and the air time of shares b > 0."""
    u = np.minimum(snr / share, np.finfo(float).max)
    log = np.log1p(u)
    q = u / (1.0 + u)
    tiny = u < SERIES_BELOW
    v = np.where(tiny, u, 0.0)
    rate = np.where(tiny, 0.5 - v / 6.0 + v * v / 8.0 - 19.0 * v**3 / 180.0, (log - q) / log**2)
    turn = np.where(tiny, v / 6.0 - v * v / 4.0, q * (2.0 * (log - q) - q * log) / log**3)
    return up * rate + down, 0.5 * up * turn, (up / log + down) / share
