"""How the times of the same cells compare, the machine's part taken out: a ratio, and the interval that holds it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.signed_ranks import shift

COLUMNS = ("solve_s", "cpu_s", "stalled_s", "micro_solve_s")
"""What of a row is needed."""
NOISE_S = 0.002
"""Below it a solve time says more about the machine than about the solver."""
_LEAST_S = 1e-6


@dataclass(frozen=True)
class TimeRatio:
    """Solve times after over before."""

    pairs: int
    ratio: float
    """Of a typical instance: :func:`reports.signed_ranks.shift` of the means of its cells, on logarithms."""
    low: float
    """With ``high``, the interval of the ratio; NaN with too few instances."""
    high: float
    noisy: bool
    """Whether in most pairs both times are below ``NOISE_S``: no conclusion."""


def undisturbed_s(rows: pd.DataFrame) -> np.ndarray:
    """Solve times (R,) less what may have been waiting for a processor, from the ``COLUMNS`` of rows.

    Of the time in which a solver had no processor, as much is taken off as work on the machine stalled
    meanwhile; all of it where the system did not say how much that was. Sleeping and reading on an idle machine
    remain. NaN without a solve time.
    """
    wall, cpu, stalled = (rows[name].to_numpy(dtype=float) for name in COLUMNS[:3])
    idle = np.fmax(wall - cpu, 0.0)
    waited = np.fmin(idle, np.where(np.isnan(stalled), np.inf, stalled))
    return wall - np.where(np.isnan(cpu), 0.0, waited)


def time_ratio(before: pd.DataFrame, after: pd.DataFrame, instances: np.ndarray) -> TimeRatio:
    """Compare the times of paired rows (P,), at least one pair, each of an instance (P,).

    Each time is :func:`undisturbed_s` in units of the row's micro-solve, where both rows have one, so
    that a slower or busier machine is no slower solver. Instances count once each, for repetitions on one
    tell less than other instances.
    """
    own = [undisturbed_s(rows) for rows in (before, after)]
    logs = _log_ratio(*own)
    speeds = _log_ratio(*(rows["micro_solve_s"].to_numpy(dtype=float) for rows in (before, after)))
    logs = logs - np.nan_to_num(speeds, nan=0.0)
    _, place = np.unique(instances.astype(str), return_inverse=True)
    found = shift(np.bincount(place, logs) / np.bincount(place))
    noisy = float(np.mean(np.maximum(*own) < NOISE_S)) > 0.5
    ratio, low, high = (math.exp(end) for end in (found.estimate, found.low, found.high))
    return TimeRatio(len(logs), ratio, low, high, noisy)


def _log_ratio(before_s: np.ndarray, after_s: np.ndarray) -> np.ndarray:
    ratio: np.ndarray = np.log(np.maximum(after_s, _LEAST_S) / np.maximum(before_s, _LEAST_S))
    return ratio
