"""Ranks with ties, Friedman's test, Nemenyi's critical difference."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import friedmanchisquare

from reports.statistics.average_ranks import critical_difference, friedman_p, ranks_of


def test_ties_share_their_mean_rank_and_no_answer_is_last() -> None:
    losses = np.array([[0.0, 1e-7, 0.5, math.inf, math.inf]])
    assert ranks_of(losses, tie=1e-6).tolist() == [[1.5, 1.5, 3.0, 4.5, 4.5]]
    assert ranks_of(losses).tolist() == [[1.0, 2.0, 3.0, 4.5, 4.5]]


def test_friedman_is_iman_and_davenports_f_of_an_independent_statistic() -> None:
    from scipy.stats import f

    losses = np.random.default_rng(1).integers(0, 4, (15, 4)) + np.array([0.0, 0.0, 0.0, 1.0])
    chi_square = friedmanchisquare(*losses.T).statistic
    expected = f.sf(14 * chi_square / (15 * 3 - chi_square), 3, 3 * 14)
    assert friedman_p(ranks_of(losses)) == pytest.approx(expected)


def test_all_equal_is_no_difference_and_always_the_same_order_one_in_all_orders() -> None:
    assert friedman_p(np.full((6, 3), 2.0)) == 1.0
    assert friedman_p(np.tile([1.0, 2.0, 3.0], (6, 1))) == pytest.approx(6.0**-5)


def test_critical_differences_are_those_of_the_published_table() -> None:
    # Demsar 2006, table 5: q is 1.960 for 2, 2.343 for 3 and 3.164 for 10 classifiers at 0.05.
    for solvers, quantile in ((2, 1.960), (3, 2.343), (10, 3.164)):
        expected = quantile * math.sqrt(solvers * (solvers + 1) / (6 * 14))
        assert critical_difference(14, solvers) == pytest.approx(expected, rel=1e-3)
