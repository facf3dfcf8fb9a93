"""Performance profiles, data profiles and the time to a gap, against curves known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.outcome import Event
from reports.time_profiles import distribution, performance_ratios, time_to, times_by_size

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


@pytest.mark.parametrize(
    ("target", "expected"),
    [(5.0, 0.1), (4.0, 0.4), (3.2, 2.0), (2.9, math.inf)],
    ids=["first", "later", "end", "never"],
)
def test_the_time_to_a_cost_is_that_of_the_first_answer_so_good(target: float, expected: float) -> None:
    events = [Event(0.1, "cost", 5.0), Event(0.2, "bound", 1.0), Event(0.4, "cost", 4.0)]
    assert time_to(target, events, cost=3.0, end_s=2.0) == expected


def test_an_answer_on_the_way_counts_only_if_the_last_one_is_as_good() -> None:
    assert time_to(4.0, [Event(0.1, "cost", 4.0)], cost=math.nan, end_s=2.0) == math.inf
