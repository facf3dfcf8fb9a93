"""Integrals of hand-made curves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.process.outcome import Event
from benchmarks.store.integrals import Courses, primal_dual_integral, primal_gap, primal_integral

CURVE = (Event(1.0, "cost", 4.0), Event(2.0, "bound", 1.0), Event(3.0, "cost", 2.0), Event(6.0, "bound", 2.0))
SOONER = (Event(0.5, "cost", 4.0), Event(1.5, "bound", 1.0), *CURVE[2:])


def primal(*curves: tuple[Event, ...], end_s: float) -> list[float]:
    """To a reference of 2."""
    ends = np.full(len(curves), end_s)
    return primal_integral(Courses.of(curves), np.full(len(curves), 2.0), ends).tolist()


def primal_dual(*curves: tuple[Event, ...], end_s: float) -> list[float]:
    return primal_dual_integral(Courses.of(curves), np.full(len(curves), end_s)).tolist()


@pytest.mark.parametrize(
    ("cost", "reference", "gap"),
    [(math.nan, 2.0, 1.0), (2.0, 2.0, 0.0), (4.0, 2.0, 0.5), (1.0, -1.0, 1.0), (0.0, 0.0, 0.0)],
)
def test_the_gap_lies_between_0_and_1(cost: float, reference: float, gap: float) -> None:
    assert primal_gap(np.array([cost]), np.array([reference])).tolist() == [gap]


def test_the_primal_integral_is_the_area_under_the_gap() -> None:
    # 1 until the first answer, then 0.5 for two seconds, then 0
    assert primal(CURVE, end_s=10.0) == pytest.approx([1.0 + 2 * 0.5])
    assert primal(CURVE, end_s=2.0) == pytest.approx([1.0 + 0.5])
    assert primal((), end_s=7.0) == [7.0]
    assert np.isnan(primal(CURVE, end_s=math.nan)).all()


def test_the_primal_dual_integral_needs_no_reference() -> None:
    # 1 until there are both, 0.75 for a second, 0.5 for three, then closed
    assert primal_dual(CURVE, end_s=10.0) == pytest.approx([2.0 + 0.75 + 3 * 0.5])
    assert primal_dual(CURVE[:1], end_s=10.0) == [10.0]
    assert primal_dual(CURVE, end_s=0.5) == [0.5]
    assert np.isnan(primal_dual(CURVE, end_s=math.nan)).all()


def test_a_bound_above_the_cost_by_its_last_bits_closes_the_gap() -> None:
    assert primal_dual((Event(1.0, "bound", 2.0 + 1e-12), Event(2.0, "cost", 2.0)), end_s=9.0) == [2.0]


def test_a_better_curve_has_a_smaller_integral() -> None:
    assert primal(SOONER, end_s=10.0) < primal(CURVE, end_s=10.0)
    assert primal_dual(SOONER, end_s=10.0) < primal_dual(CURVE, end_s=10.0)


def test_many_solves_are_as_one_by_one() -> None:
    curves = [(), CURVE, CURVE[3:], (), SOONER, CURVE[:2], ()]
    for end_s in (0.7, 2.5, 10.0):
        assert primal(*curves, end_s=end_s) == pytest.approx([primal(one, end_s=end_s)[0] for one in curves])
        alone = [primal_dual(one, end_s=end_s)[0] for one in curves]
        assert primal_dual(*curves, end_s=end_s) == pytest.approx(alone)
    assert primal(end_s=1.0) == []


def test_a_part_has_the_events_of_its_solves() -> None:
    curves = [(), CURVE, SOONER, (), CURVE[:2]]
    for chosen in ([], [1], [0, 2, 3], [1, 4], [0, 1, 2, 3, 4]):
        part, alone = Courses.of(curves).part(np.array(chosen, dtype=int)), Courses.of([curves[n] for n in chosen])
        assert part.solves == alone.solves
        for name in ("solve", "seconds", "is_cost", "value"):
            np.testing.assert_array_equal(getattr(part, name), getattr(alone, name))
