"""Growth: known exponents are found again, and nothing that was stopped is dropped."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reports.chapters.growth.measure import Axis, axes_of, fits, medians, power_law
from tests.reports.cells import Row, cell, study_from
from tests.reports.chapters.growth.sizes import BASE, along, sized_row


def only_axis(rows: list[Row]) -> Axis:
    (axis,) = axes_of(study_from(rows))
    return axis


@pytest.mark.parametrize("exponent", [-0.5, 0.0, 1.0, 2.7])
def test_an_exact_power_law_is_found(exponent: float) -> None:
    sizes = [5, 10, 20, 40, 40]
    fit = power_law(sizes, [0.03 * size**exponent for size in sizes])
    assert fit.exponent == pytest.approx(exponent, abs=1e-12)
    assert fit.std_error == pytest.approx(0, abs=1e-9)
    assert math.isnan(fit.r_squared) or exponent == 0 or fit.r_squared == pytest.approx(1)


def test_the_interval_holds_the_exponent_nineteen_times_out_of_twenty() -> None:
    random = np.random.default_rng(11)
    sizes = np.repeat([5, 10, 20, 40, 80], 3)
    held = 0
    for _ in range(1000):
        fit = power_law(sizes.tolist(), (0.01 * sizes**1.5 * np.exp(random.normal(0, 0.4, sizes.size))).tolist())
        held += fit.low <= 1.5 <= fit.high
    assert 930 <= held <= 970


def test_the_fit_is_that_of_an_independent_routine() -> None:
    from scipy.stats import linregress

    sizes, seconds = [4, 8, 8, 16, 32], [0.1, 0.25, 0.2, 0.9, 1.1]
    fit, other = power_law(sizes, seconds), linregress(np.log(sizes), np.log(seconds))
    assert (fit.exponent, fit.std_error) == pytest.approx((other.slope, other.stderr))
    assert fit.r_squared == pytest.approx(other.rvalue**2)


@pytest.mark.parametrize(("sizes", "seconds"), [([5, 10, 10], [1, 2, 2]), ([1, 2, 3], [1, 0, 2]), ([], [])])
def test_too_few_sizes_and_times_that_have_no_logarithm_are_refused(sizes: list[int], seconds: list[float]) -> None:
    with pytest.raises(ValueError, match="sizes"):
        power_law(sizes, seconds)


def test_exponents_are_those_of_the_cells_with_the_other_sizes_equal() -> None:
    rows = along("a", "models", {m: [0.001 * m**2, 0.002 * m**2] for m in (5, 10, 20)})
    rows += along("a", "users", {20: [0.08]})
    rows += along("a", "models", {m: [9.0] for m in (7, 9)}, slots=3)
    axis = only_axis(rows)
    assert (axis.family, axis.dimension, axis.sizes) == ("paper", "models", [5, 10, 20])
    assert axis.base == BASE._replace(models=5)
    (fit,) = fits(axis).to_dict("records")
    assert fit["exponent"] == pytest.approx(2)
    assert fit["last_exponent"] == pytest.approx(2)
    assert (fit["sizes"], fit["completed"], fit["censored"], fit["failed"], fit["not_tried"]) == (3, 6, 0, 0, 0)


def test_a_plain_family_is_one_of_the_sizes() -> None:
    rows = along("a", "frames", {t: [0.1 * t] for t in (5, 20)})
    own = BASE._replace(frames=10)._asdict()
    rows.append(cell("a", "paper-s0-t0", 2.0, family="paper", solve_s=1.0, **own))
    axis = only_axis(rows)
    assert (axis.dimension, axis.sizes) == ("frames", [5, 10, 20])
    assert study_from(rows).families == ["paper", "paper in other sizes"]


def test_what_was_stopped_is_counted_and_left_out_of_the_fit() -> None:
    rows = along("a", "users", {n: [0.01 * n] * 3 for n in (5, 10, 20)})
    rows += [
        sized_row("a", 20.4, 0, users=40, status="timeout", cost=None),
        sized_row("a", 20.0, 1, users=40, status="timeout"),
        sized_row("a", 19.5, 2, users=40),
        sized_row("a", 3.0, 0, users=80, status="crash", cost=None),
        sized_row("a", None, 1, users=80, status="skipped", cost=None),
        sized_row("a", 0.8, 2, users=80, status="optimal"),
    ]
    (fit,) = fits(only_axis(rows)).to_dict("records")
    assert (fit["sizes"], fit["completed"], fit["censored"], fit["failed"], fit["not_tried"]) == (4, 10, 3, 1, 1)
    assert fit["exponent"] == pytest.approx(1)
    assert fit["last_exponent"] == pytest.approx(1)
    points = medians(only_axis(rows), "a").set_index("size")
    assert points["seconds"].to_dict() == pytest.approx({5: 0.05, 10: 0.1, 20: 0.2, 40: 20.0, 80: 20.0})
    assert points["stopped"].to_dict() == {5: 0, 10: 0, 20: 0, 40: 3, 80: 1}
    assert list(points.index[points["censored"]]) == [40, 80]
