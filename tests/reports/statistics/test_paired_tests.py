"""Signed ranks, Holm's correction and the smallest detectable difference."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.stats import rankdata, wilcoxon

from reports.statistics.paired_tests import holm, least_detectable, signed_rank_p


@pytest.mark.parametrize("instances", [6, 12, 30])
def test_without_ties_it_is_the_exact_test_of_an_independent_routine(instances: int) -> None:
    differences = np.random.default_rng(instances).normal(0.4, 1, instances)
    expected = wilcoxon(differences, method="exact").pvalue
    assert signed_rank_p(differences) == pytest.approx(expected)


def test_with_ties_it_is_what_all_signs_say() -> None:
    differences = np.array([1.0, -1.0, 2.0, 2.0, 0.0, 3.0, 1.0])
    ranks = rankdata(np.abs(differences))[differences != 0]
    least = min(ranks[differences[differences != 0] > 0].sum(), ranks[differences[differences != 0] < 0].sum())
    sums = [float(ranks @ signs) for signs in itertools.product((0, 1), repeat=len(ranks))]
    assert signed_rank_p(differences) == pytest.approx(2 * np.mean([total <= least for total in sums]))


def test_many_differences_are_as_good_as_normal() -> None:
    differences = np.random.default_rng(0).normal(0.2, 1, 200)
    expected = wilcoxon(differences, method="approx", correction=False).pvalue
    assert signed_rank_p(differences) == pytest.approx(expected)


def test_an_answer_against_none_is_the_largest_difference_and_small_ones_are_ties() -> None:
    assert signed_rank_p(np.full(6, math.inf)) == pytest.approx(2 / 2**6)
    assert signed_rank_p(np.array([1e-7, -1e-8, 0.0]), tie=1e-6) == 1.0
    assert signed_rank_p(np.array([])) == 1.0


def test_holm_is_the_textbook_example_in_the_order_given() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_smallest_detectable_difference_falls_with_pairs_and_rises_with_tests() -> None:
    few, many = (np.tile([-1.0, 1.0], repeats) for repeats in (5, 50))
    assert least_detectable(many) < 0.5 * least_detectable(few)
    assert least_detectable(few, tests=10) > least_detectable(few)
    assert least_detectable(np.zeros(5)) == 0.0
    assert math.isnan(least_detectable(np.array([1.0])))
    assert math.isnan(least_detectable(np.array([1.0, math.inf])))
