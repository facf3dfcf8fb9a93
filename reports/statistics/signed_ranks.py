"""What paired differences come to, whatever their distribution and a few outliers among them.

Sources: J. L. Hodges and E. L. Lehmann, Estimates of Location Based on Rank Tests, Annals of Mathematical Statistics
34(2), 1963 (the estimate); M. Hollander, D. A. Wolfe and E. Chicken, Nonparametric Statistical Methods, 3rd ed., Wiley
2014, sections 3.1 to 3.3 (the signed ranks, and Tukey's interval from them).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

CONFIDENCE = 0.9
"""Of the interval; each of its ends alone holds with 95 %."""
LEAST = 5
"""With fewer differences there is no interval at this confidence."""
MOST = 500
"""Of more differences, every so many-th counts."""


@dataclass(frozen=True)
class Shift:
    """By how much one side of the pairs differs from the other."""

    estimate: float
    """The median of the means of any two differences, each with itself included."""
    low: float
    """With ``high``, the interval that holds the true shift with ``CONFIDENCE``; NaN with fewer than ``LEAST``."""
    high: float


def shift(differences: np.ndarray) -> Shift:
    """The shift of at least one independent difference (n,), each as likely above the true shift as below it."""
    found = np.asarray(differences, dtype=float)[:: math.ceil(len(differences) / MOST)]
    first, second = np.triu_indices(len(found))
    means = np.sort((found[first] + found[second]) / 2)
    if len(found) < LEAST:
        return Shift(float(np.median(means)), math.nan, math.nan)
    outside = _outside(len(found))
    return Shift(float(np.median(means)), float(means[outside]), float(means[-1 - outside]))


@lru_cache
def _outside(n: int) -> int:
    """How many of the means of pairs lie below the interval, and as many above: by the signed ranks of n numbers.

    The sum of the positive ranks is at most this with less than half of what the interval leaves out.
    """
    tail = (1 - CONFIDENCE) / 2
    chance = np.ones(1)
    for rank in range(1, n + 1):
        without, having = np.pad(chance, (0, rank)), np.pad(chance, (rank, 0))
        chance = (without + having) / 2
    return int(np.searchsorted(np.cumsum(chance), tail, side="right")) - 1
