"""The axes of gaps and of times."""

from __future__ import annotations

import math

import pytest
from matplotlib.figure import Figure as Canvas

from problems.tolerances import OPTIMALITY_TOLERANCE
from reports.drawing.scales import gap_scale, percent, time_scale


def test_a_gap_within_the_tolerance_is_0() -> None:
    assert percent(OPTIMALITY_TOLERANCE) == 0.0
    assert percent(2 * OPTIMALITY_TOLERANCE) == pytest.approx(200 * OPTIMALITY_TOLERANCE)
    assert math.isinf(percent(math.inf))


@pytest.mark.parametrize("which", ["x", "y"])
def test_the_scale_of_gaps_holds_0_and_all_that_are_finite(which: str) -> None:
    axes = Canvas().add_subplot()
    gap_scale(axes, which, [0.0, 0.5, 30.0, math.inf])
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    assert low < 0 < 30 < high
    ticks = (axes.get_xticks() if which == "x" else axes.get_yticks()).tolist()
    assert ticks == pytest.approx([0.0, 0.1, 1.0, 10.0])


def test_without_a_gap_above_0_there_is_a_scale_all_the_same() -> None:
    axes = Canvas().add_subplot()
    gap_scale(axes, "y", [0.0, math.inf])
    assert axes.get_ylim()[1] > 1


@pytest.mark.parametrize(
    ("times", "ticks"), [([0.1, 0.4], [0.1, 0.2, 0.5]), ([1e-3, 1e3], [10.0**n for n in range(-3, 4)])]
)
def test_ticks_of_times_are_few_and_inside(times: list[float], ticks: list[float]) -> None:
    axes = Canvas().add_subplot()
    time_scale(axes, times)
    low, high = axes.get_xlim()
    assert low < min(times) <= max(times) < high
    assert axes.get_xticks().tolist() == pytest.approx(ticks)
