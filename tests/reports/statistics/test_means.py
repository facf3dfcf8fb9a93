"""Averages."""

from __future__ import annotations

import math

import pytest

from reports.statistics.means import shifted_geometric_mean


def test_of_equal_values_it_is_the_value() -> None:
    assert shifted_geometric_mean([3.0, 3.0, 3.0]) == pytest.approx(3.0)


def test_a_known_value() -> None:
    assert shifted_geometric_mean([0.0, 3.0]) == pytest.approx(1.0)
    assert shifted_geometric_mean([10.0, 1000.0], shift=0.0) == pytest.approx(100.0)


def test_it_lies_between_the_geometric_and_the_arithmetic_mean() -> None:
    values = [0.1, 2.0, 30.0]
    assert shifted_geometric_mean(values, 0.0) < shifted_geometric_mean(values) < sum(values) / 3


def test_nothing_has_no_mean_and_a_value_below_the_shift_is_refused() -> None:
    assert math.isnan(shifted_geometric_mean([]))
    with pytest.raises(ValueError, match="must be > -1"):
        shifted_geometric_mean([-1.0])
