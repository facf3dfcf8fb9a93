"""Intervals of paired differences hold what they should."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reports.statistics.signed_ranks import CONFIDENCE, LEAST, shift


@pytest.mark.parametrize("n", [5, 8, 20])
def test_the_interval_holds_the_shift_as_often_as_it_says(n: int) -> None:
    random = np.random.default_rng(n)
    found = [shift(0.3 + random.standard_t(3, n)) for _ in range(500)]
    assert np.mean([one.low <= 0.3 <= one.high for one in found]) == pytest.approx(CONFIDENCE, abs=0.045)
    assert np.mean([one.low > 0.3 for one in found]) <= 0.075


def test_the_interval_is_that_of_the_tables_of_signed_ranks() -> None:
    # Hollander, Wolfe and Chicken, table A.4: of 6 differences P(T+ <= 2) = 0.047, of 10 P(T+ <= 10) = 0.042
    six = np.arange(6.0) ** 2
    means = sorted((a + b) / 2 for i, a in enumerate(six) for b in six[i:])
    assert (shift(six).low, shift(six).high) == (means[2], means[-3])
    ten = 2.0 ** np.arange(10)
    means = sorted((a + b) / 2 for i, a in enumerate(ten) for b in ten[i:])
    assert (shift(ten).low, shift(ten).high) == (means[10], means[-11])


def test_few_differences_have_no_interval_and_many_are_quick() -> None:
    assert math.isnan(shift(np.ones(LEAST - 1)).low)
    assert shift(np.ones(LEAST)).low == 1.0
    assert shift(np.linspace(-1, 3, 100_000)).estimate == pytest.approx(1.0, abs=0.01)
