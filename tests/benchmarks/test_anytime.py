"""Integrals of hand-made curves."""

from __future__ import annotations

import math

import pytest

from benchmarks.anytime import primal_dual_integral, primal_gap, primal_integral
from benchmarks.outcome import Event

CURVE = (Event(1.0, "cost", 4.0), Event(2.0, "bound", 1.0), Event(3.0, "cost", 2.0), Event(6.0, "bound", 2.0))


@pytest.mark.parametrize(
    ("cost", "reference", "gap"),
    [(None, 2.0, 1.0), (math.inf, 2.0, 1.0), (2.0, 2.0, 0.0), (4.0, 2.0, 0.5), (1.0, -1.0, 1.0), (0.0, 0.0, 0.0)],
)
def test_the_gap_lies_between_0_and_1(cost: float | None, reference: float, gap: float) -> None:
    assert primal_gap(cost, reference) == gap


def test_the_primal_integral_is_the_area_under_the_gap() -> None:
    # 1 until the first answer, then 0.5 for two seconds, then 0
    assert primal_integral(CURVE, 2.0, 10.0) == pytest.approx(1.0 + 2 * 0.5)
    assert primal_integral(CURVE, 2.0, 2.0) == pytest.approx(1.0 + 0.5)
    assert primal_integral((), 2.0, 7.0) == 7.0
    assert math.isnan(primal_integral(CURVE, 2.0, None))


def test_the_primal_dual_integral_needs_no_reference() -> None:
    # 1 until there are both, 0.75 for a second, 0.5 for three, then closed
    assert primal_dual_integral(CURVE, 10.0) == pytest.approx(2.0 + 0.75 + 3 * 0.5)
    assert primal_dual_integral(CURVE[:1], 10.0) == 10.0
    assert primal_dual_integral(CURVE, 0.5) == 0.5
    assert math.isnan(primal_dual_integral(CURVE, None))


def test_a_better_curve_has_a_smaller_integral() -> None:
    sooner = (Event(0.5, "cost", 4.0), *CURVE[1:])
    assert primal_integral(sooner, 2.0, 10.0) < primal_integral(CURVE, 2.0, 10.0)
    assert primal_dual_integral((CURVE[0], Event(1.5, "bound", 1.0), *CURVE[2:]), 10.0) < primal_dual_integral(
        CURVE, 10
    )
