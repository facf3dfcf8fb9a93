"""Average ranks of solvers over instances, and whether they differ at all.

Sources: M. Friedman, A Comparison of Alternative Tests of Significance for the Problem of m Rankings, Annals of
Mathematical Statistics 11(1), 1940; R. L. Iman and J. M. Davenport, Approximations of the Critical Region of the
Friedman Statistic, Communications in Statistics A9(6), 1980; W. J. Conover, Practical Nonparametric Statistics, 3rd
ed., Wiley 1999, section 5.8 (ties); J. Demsar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 7,
2006 (the critical difference, after P. Nemenyi).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import f as fisher
from scipy.stats import rankdata, studentized_range

from reports.statistics.paired_tests import SIGNIFICANCE


def ranks_of(losses: np.ndarray, tie: float = 0.0) -> np.ndarray:
    """The ranks (P, S) of S solvers on each of P instances, 1 for the smallest of the losses (P, S).

    Losses less than ``tie`` above the smallest of a group share its mean rank, as do those that are infinite.
    """
    order = np.argsort(losses, axis=1, kind="stable")
    ascending = np.take_along_axis(losses, order, axis=1)
    first, group = np.full(len(losses), -math.inf), np.zeros(len(losses), dtype=int)
    groups = np.empty(losses.shape, dtype=int)
    for place in range(losses.shape[1]):
        loss = ascending[:, place]
        begins = (loss != first) & ~(loss <= first + tie)
        first, group = np.where(begins, loss, first), group + begins
        np.put_along_axis(groups, order[:, [place]], group[:, None], axis=1)
    ranks: np.ndarray = rankdata(groups, axis=1)
    return ranks


def friedman_p(ranks: np.ndarray) -> float:
    """The p-value of ranks (P, S), P and S at least 2, if all solvers are alike: Iman and Davenport's F, with ties."""
    instances, solvers = ranks.shape
    expected = (solvers + 1) / 2
    spread = float(((ranks - expected) ** 2).sum())
    if spread == 0:
        return 1.0
    chi_square = (solvers - 1) * float(((ranks.sum(axis=0) - instances * expected) ** 2).sum()) / spread
    rest = instances * (solvers - 1) - chi_square
    if rest <= 1e-9 * chi_square:
        return math.factorial(solvers) ** float(1 - instances)
    statistic = (instances - 1) * chi_square / rest
    return float(fisher.sf(statistic, solvers - 1, (solvers - 1) * (instances - 1)))


def critical_difference(instances: int, solvers: int) -> float:
    """By how much two of so many average ranks must differ to be told apart by Nemenyi's test at ``SIGNIFICANCE``."""
    quantile = float(studentized_range.ppf(1 - SIGNIFICANCE, solvers, np.inf)) / math.sqrt(2)
    return quantile * math.sqrt(solvers * (solvers + 1) / (6 * instances))
