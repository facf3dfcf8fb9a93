"""Ratios of times without the machine, and intervals that hold what they should."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from reports.paired_times import time_ratio, undisturbed_s
from reports.signed_ranks import CONFIDENCE, LEAST, shift


def timed(solve_s: object, **columns: object) -> pd.DataFrame:
    """Rows of an idle machine."""
    others = {"cpu_s": solve_s, "stalled_s": 0.0, "micro_solve_s": 0.001}
    return pd.DataFrame({"solve_s": solve_s, **others, **columns})


@pytest.mark.parametrize(
    ("cpu", "stalled", "own"),
    [
        (1.0, 0.0, 5.0),  # it slept
        (1.0, 3.0, 2.0),
        (1.0, 9.0, 1.0),
        (1.0, math.nan, 1.0),  # nobody knows
        (7.0, 9.0, 5.0),  # several at once
        (math.nan, 3.0, 5.0),
    ],
)
def test_waiting_for_a_processor_is_taken_off(cpu: float, stalled: float, own: float) -> None:
    assert undisturbed_s(timed([5.0], cpu_s=cpu, stalled_s=stalled)).tolist() == [own]
    assert np.isnan(undisturbed_s(timed([math.nan], cpu_s=cpu, stalled_s=stalled))).all()


def test_times_are_in_units_of_the_micro_solve() -> None:
    before, after = timed(np.ones(6)), timed(np.full(6, 3.0), micro_solve_s=0.002)
    assert time_ratio(before, after, np.arange(6)).ratio == pytest.approx(1.5)
    unknown = timed(np.full(6, 3.0), micro_solve_s=math.nan)
    assert time_ratio(before, unknown, np.arange(6)).ratio == pytest.approx(3.0)


def test_repetitions_of_one_instance_are_no_more_evidence_than_one() -> None:
    instances = np.repeat(np.arange(6), 10)
    before, after = timed(np.ones(60)), timed(np.repeat([1.0, 2.0, 1.0, 2.0, 1.0, 2.0], 10))
    repeated, once = time_ratio(before, after, instances), time_ratio(before[::10], after[::10], instances[::10])
    assert (repeated.ratio, repeated.low, repeated.high) == pytest.approx((once.ratio, once.low, once.high))


def test_one_wild_time_moves_nothing_much() -> None:
    after = np.full(8, 1.1)
    after[3] = 100.0
    found = time_ratio(timed(np.ones(8)), timed(after), np.arange(8))
    assert found.ratio == pytest.approx(1.1)
    assert found.low == pytest.approx(1.1)


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
