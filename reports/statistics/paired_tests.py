"""Whether paired differences are more than luck, whatever their distribution, and how small a difference shows.

Sources: F. Wilcoxon, Individual Comparisons by Ranking Methods, Biometrics Bulletin 1(6), 1945 (the signed ranks); J.
W. Pratt, Remarks on Zeros and Ties in the Wilcoxon Signed Rank Procedures, JASA 54, 1959 (what ties count); S. Holm, A
Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6(2), 1979; J. H. Zar,
Biostatistical Analysis, 5th ed., Pearson 2010, section 7.7 (the minimum detectable difference).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr, stdtrit
from scipy.stats import rankdata

SIGNIFICANCE = 0.05
"""How often a test may find a difference where there is none."""
POWER = 0.8
"""How often a difference of the smallest detectable size is found."""
_EXACT = 50
"""With more differences that are not 0, the sum of ranks is as good as normal."""


def signed_rank_p(differences: np.ndarray, tie: float = 0.0) -> float:
    """The two-sided p-value of independent paired differences (n,): how odd they are if either sign is as likely.

    A difference of at most ``tie`` is a tie: it is ranked, and has no sign (Pratt). An infinite difference is larger
    than any other. The p-value is exact, equal ranks included, for up to 50 differences that are no tie; it is 1 where
    all are.
    """
    sizes = np.where(np.abs(differences) <= tie, 0.0, np.abs(differences))
    signed = sizes > 0
    doubled = np.rint(2 * rankdata(sizes)[signed]).astype(int)
    if not signed.any():
        return 1.0
    positive = int(doubled[differences[signed] > 0].sum())
    least = min(positive, int(doubled.sum()) - positive)
    if len(doubled) <= _EXACT:
        return min(1.0, 2 * _chance_of_at_most(least, doubled))
    deviation = (least - doubled.sum() / 2) / math.sqrt(float(doubled @ doubled) / 4)
    return float(2 * ndtr(deviation))


def _chance_of_at_most(total: int, ranks: np.ndarray) -> float:
    """The chance that ranks (n,), each taken with probability one half, add up to at most this."""
    chance = np.zeros(total + 1)
    chance[0] = 1.0
    for rank in ranks:
        taken = np.zeros_like(chance)
        taken[rank:] = chance[: max(len(chance) - rank, 0)]
        chance = (chance + taken) / 2
    return float(chance.sum())


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values, each adjusted so that all together err with the probability of one.

    The i-th smallest of m is multiplied by m - i + 1 and made at least as large as those before it.
    """
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for place, number in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[number]))
        adjusted[number] = largest
    return adjusted


def least_detectable(differences: np.ndarray, tests: int = 1) -> float:
    """The true mean difference that so many pairs, as spread as these (n,), show with a probability of ``POWER``.

    s / sqrt(n) times the sum of Student's quantiles, with n - 1 degrees of freedom, at 1 - ``SIGNIFICANCE`` / (2
    ``tests``) and at ``POWER``: that of a t-test, corrected for ``tests`` of them in the strictest way. A signed-rank
    test needs a little more where differences are normal (1 / 0.955 times the pairs), less where they have heavy
    tails. NaN with fewer than two pairs or an infinite difference.
    """
    n = len(differences)
    if n < 2 or not np.isfinite(differences).all():
        return math.nan
    quantiles = stdtrit(n - 1, [1 - SIGNIFICANCE / (2 * tests), POWER])
    return float(np.std(differences, ddof=1) / math.sqrt(n) * quantiles.sum())
