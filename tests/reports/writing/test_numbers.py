"""How figures and intervals are written."""

from __future__ import annotations

import math

import pytest

from reports.writing.numbers import fixed, gap_percent, percent_interval, significant


@pytest.mark.parametrize(
    ("gap", "text"),
    [(0.0, "0"), (1e-6, "0"), (2e-6, "<0.001"), (1e-5, "0.001"), (0.00214, "0.214"), (0.1234, "12.34")],
)
def test_a_gap_is_written_0_only_within_the_tolerance(gap: float, text: str) -> None:
    assert gap_percent(gap) == text


def test_intervals() -> None:
    assert percent_interval(0.01, 0.02) == "1.00 to 2.00"
    assert percent_interval(0.01, 0.01) == "1.00"
    assert percent_interval(0.01, math.inf) == "≥ 1.00"
    assert percent_interval(0.0, math.inf) == "unknown"
    assert [fixed(value, 2) for value in (-0.001, 0.0, -0.006, 1.005)] == ["0.00", "0.00", "-0.01", "1.00"]
    assert percent_interval(math.nan, math.nan) == "–"


@pytest.mark.parametrize(("value", "text"), [(0.01234, "0.0123"), (1.234, "1.23"), (1234.5, "1234"), (math.nan, "–")])
def test_significant_digits(value: float, text: str) -> None:
    assert significant(value) == text
