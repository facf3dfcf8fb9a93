"""Performance profiles, data profiles and the time to a gap, against curves known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.store.integrals import Courses
from reports.statistics.time_profiles import MOST_STEPS, distribution, performance_ratios, times_by_size, times_to

TIMES = np.array([[1.0, 2.0], [4.0, 1.0], [math.inf, 3.0], [math.inf, math.inf]])


def test_a_distribution_counts_what_is_never_reached() -> None:
    steps = distribution(TIMES[:, 0])
    assert [steps(at) for at in (0.5, 1.0, 3.9, 4.0, 1e9)] == [0.0, 0.25, 0.25, 0.5, 0.5]
    assert distribution(np.array([]))(1.0) == 0.0


def test_a_performance_profile_begins_with_the_share_on_which_it_is_fastest() -> None:
    ratios = performance_ratios(TIMES)
    assert ratios[:, 1].tolist() == [2.0, 1.0, 1.0, math.inf]
    first, second = (distribution(column) for column in ratios.T)
    assert (first(1.0), second(1.0)) == (0.25, 0.5)
    assert (first(4.0), second(2.0)) == (0.5, 0.75)


def test_a_data_profile_counts_by_the_unit_of_size() -> None:
    by_size = times_by_size(TIMES, np.array([2.0, 4.0, 3.0, 0.0]))
    assert by_size[:, 1].tolist() == [1.0, 0.25, 1.0, math.inf]


def test_a_fine_distribution_is_thinned_and_right_where_it_steps() -> None:
    values = np.arange(1.0, 5 * MOST_STEPS)
    steps = distribution(np.append(values, math.inf))
    assert (len(steps.at), steps.at[0], steps.at[-1]) == (MOST_STEPS, 1.0, values[-1])
    assert steps.share == pytest.approx(steps.at / (len(values) + 1))
    assert np.diff(steps.share).max() < 2 / MOST_STEPS


EVENTS = ((0.1, "cost", 5.0), (0.2, "bound", 1.0), (0.4, "cost", 4.0), (0.6, "cost", 3.5))


@pytest.mark.parametrize(
    ("target", "expected"),
    [(5.0, 0.1), (4.0, 0.4), (3.2, 2.0), (2.9, math.inf)],
    ids=["first", "later", "end", "never"],
)
def test_the_time_to_a_cost_is_that_of_the_first_answer_so_good(target: float, expected: float) -> None:
    silent, told = times_to(np.full(2, target), Courses.of([(), EVENTS]), np.full(2, 3.0), np.array([9.0, 2.0]))
    assert told == expected
    assert silent == (9.0 if target > 3 else math.inf)


def test_an_answer_on_the_way_counts_only_if_the_last_one_is_as_good() -> None:
    ends = np.array([math.nan]), np.array([2.0])
    assert times_to(np.array([4.0]), Courses.of([EVENTS]), *ends).tolist() == [math.inf]
