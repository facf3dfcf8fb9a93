"""How the times of the same cells compare: a ratio, and the interval that holds it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

NOISE_S = 0.01
"""Below it a solve time says more about the machine than about the solver."""
LEAST_INSTANCES = 5
"""With fewer there is no interval."""
CONFIDENCE = 0.95
_RESAMPLES = 2000
_LEAST_S = 1e-6


@dataclass(frozen=True)
class TimeRatio:
    """Solve times after over before."""

    pairs: int
    ratio: float
    """Geometric mean over instances, each the geometric mean over its cells."""
    low: float
    """With ``high``, the ratio's 95 % interval; NaN with fewer than ``LEAST_INSTANCES`` instances."""
    high: float
    noisy: bool
    """Whether in most pairs both times are below ``NOISE_S``: no conclusion."""


def time_ratio(before_s: np.ndarray, after_s: np.ndarray, instances: np.ndarray) -> TimeRatio:
    """Compare paired times (P,), at least one pair, each of an instance (P,).

    The interval is a percentile bootstrap over instances, not pairs, for repetitions on one instance
    tell less than other instances (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter
    13), and always the same for the same times. It holds the scatter between cells; it does not hold
    what slows a whole run down, such as another machine.
    """
    before_s, after_s = (np.asarray(times, dtype=float) for times in (before_s, after_s))
    logs = np.log(np.maximum(after_s, _LEAST_S) / np.maximum(before_s, _LEAST_S))
    _, place = np.unique(instances.astype(str), return_inverse=True)
    means = np.bincount(place, logs) / np.bincount(place)
    low = high = math.nan
    if len(means) >= LEAST_INSTANCES:
        drawn = np.random.default_rng(0).integers(len(means), size=(_RESAMPLES, len(means)))
        tails = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
        low, high = (float(end) for end in np.exp(np.quantile(means[drawn].mean(axis=1), tails)))
    noisy = float(np.mean(np.maximum(before_s, after_s) < NOISE_S)) > 0.5
    return TimeRatio(len(logs), float(np.exp(means.mean())), low, high, noisy)
