"""How the times of the same cells compare, the machine's part taken out: a ratio, and the interval that holds it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.statistics.signed_ranks import shift

COLUMNS = ("solve_s", "cpu_s", "stalled_s", "waited_s", "micro_solve_s")
"""What of a row is needed."""
NOISE_S = 0.002
"""Below it a solve time says more about the machine than about the solver."""
_LEAST_S = 1e-6


@dataclass(frozen=True)
class TimeRatio:
    """Solve times after over before."""

    pairs: int
    ratio: float
    """Of a typical instance: :func:`reports.statistics.signed_ranks.shift` of the means of its cells, on logarithms."""
    low: float
    """With ``high``, the interval of the ratio; NaN with too few instances."""
    high: float
    noisy: bool
    """Whether in most pairs both times are below ``NOISE_S``: no conclusion."""


def undisturbed_s(before: pd.DataFrame, after: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The solve times (P,) of paired rows less what the machine added to them, from the ``COLUMNS`` of both.

    Of the time in which a solver had no processor, what it waited for one is taken off, by the finest measure that
    both rows of a pair have: its own waiting; as much as any work on the machine stalled meanwhile; or all of it. The
    rest it slept, or read on an idle machine. What it worked is in units of the micro-solve, where both rows have one,
    so that a slower machine is no slower solver (one that took no time is none); sleep is not, for it takes as long on
    any machine. NaN without a solve time.
    """
    own, anyones = _both(before, after, "waited_s"), _both(before, after, "stalled_s")
    waited_s = np.where(np.isnan(own), np.nan_to_num(anyones, nan=np.inf), own)
    micro_s = _both(before, after, "micro_solve_s")
    micro_s = np.where((micro_s > 0).all(axis=0), micro_s, np.nan)
    speed = np.nan_to_num(np.sqrt(micro_s[1] / micro_s[0]), nan=1.0)
    return _undisturbed_s(before, waited_s[0], speed), _undisturbed_s(after, waited_s[1], 1 / speed)


def _both(before: pd.DataFrame, after: pd.DataFrame, name: str) -> np.ndarray:
    """A column of both, (2, P), NaN where either lacks it."""
    values = np.array([rows[name].to_numpy(dtype=float) for rows in (before, after)])
    return np.where(np.isnan(values).any(axis=0), np.nan, values)


def _undisturbed_s(rows: pd.DataFrame, waited_s: np.ndarray, speed: np.ndarray) -> np.ndarray:
    wall, cpu = rows["solve_s"].to_numpy(dtype=float), rows["cpu_s"].to_numpy(dtype=float)
    worked = np.where(np.isnan(cpu), wall, np.minimum(wall, cpu))
    slept = np.maximum(wall - worked - waited_s, 0.0)
    return worked * speed + slept


def time_ratio(before: pd.DataFrame, after: pd.DataFrame, instances: np.ndarray) -> TimeRatio:
    """Compare the :func:`undisturbed_s` of paired rows (P,), at least one pair, each of an instance (P,).

    Instances count once each, for repetitions on one tell less than other instances.
    """
    own = undisturbed_s(before, after)
    logs = np.log(np.maximum(own[1], _LEAST_S) / np.maximum(own[0], _LEAST_S))
    _, place = np.unique(instances.astype(str), return_inverse=True)
    found = shift(np.bincount(place, logs) / np.bincount(place))
    noisy = float(np.mean(np.maximum(*own) < NOISE_S)) > 0.5
    ratio, low, high = (math.exp(end) for end in (found.estimate, found.low, found.high))
    return TimeRatio(len(logs), ratio, low, high, noisy)
