"""The price of the band in a slot."""

from __future__ import annotations

import numpy as np

from problems import physics
from problems.episode import Slots

LEAST_WEIGHT = 1e-3
"""Of air time, as a share of the price of lateness."""


def band_prices(slots: Slots, bandwidth: np.ndarray) -> np.ndarray:
    """(B,) alpha sum slope / b: the price of the whole band at the bandwidth (B, N) that is best without lateness."""
    share, gain = np.where(slots.active, bandwidth, 1.0), np.where(slots.active, slots.gain, 1.0)
    slope = physics.air_slope_s(share, gain, slots.input_mb, slots.output_mb, slots.system)
    weight = max(slots.system.latency_weight, LEAST_WEIGHT * slots.system.late_penalty)
    price: np.ndarray = weight * np.where(slots.active, slope / share, 0.0).sum(axis=1)
    return price
