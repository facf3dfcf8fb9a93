"""The line of generation times, against NumPy's least squares and fits without a row."""

from __future__ import annotations

import numpy as np
import pytest

from problems.calibration.time_fit import TimeLine

STEPS = np.repeat([1.0, 4.0, 9.0, 20.0, 40.0], 3)


def times(seed: int) -> np.ndarray:
    """Four sets of times whose noise grows with them."""
    rng = np.random.default_rng(seed)
    line = 0.14 * STEPS + 0.8
    return line * (1 + 0.1 * rng.normal(size=(4, len(STEPS))))


def test_the_lines_are_those_of_least_squares() -> None:
    seconds = times(0)
    fit = TimeLine(STEPS).fit(seconds)
    for row, values in enumerate(seconds):
        assert fit.value[:, row] == pytest.approx(np.polyfit(STEPS, values, 1), rel=1e-9)


def test_standard_errors_are_made_of_fits_without_each_row() -> None:
    """HC3: the square of each left-out residual, weighted by what its row does to the number."""
    seconds = times(1)
    fit = TimeLine(STEPS).fit(seconds)
    design = np.stack([STEPS, np.ones(len(STEPS))], axis=1)
    weights = np.linalg.inv(design.T @ design) @ design.T
    for row, values in enumerate(seconds):
        apart = []
        for i in range(len(STEPS)):
            slope, start = np.polyfit(np.delete(STEPS, i), np.delete(values, i), 1)
            apart.append(values[i] - slope * STEPS[i] - start)
        assert fit.error[:, row] == pytest.approx(np.sqrt(weights**2 @ np.square(apart)), rel=1e-9)


def test_standard_errors_are_the_spread_of_many_fits() -> None:
    rng = np.random.default_rng(2)
    line = 0.14 * STEPS + 0.8
    fit = TimeLine(STEPS).fit(line * (1 + 0.1 * rng.normal(size=(4000, len(STEPS)))))
    assert np.sqrt(np.square(fit.error).mean(axis=1)) == pytest.approx(fit.value.std(axis=1), rel=0.15)


def test_a_set_up_below_zero_is_none_and_the_line_goes_through_the_origin() -> None:
    line = TimeLine(STEPS)
    for start in (0.5, -0.5):
        seconds = 0.3 * STEPS + start
        step_s, setup_s = line.fit_positive(seconds)
        if start > 0:
            assert (step_s, setup_s) == pytest.approx((0.3, 0.5))
        else:
            through = np.linspace(0.2, 0.4, 20_001)
            squares = np.square(seconds - through[:, None] * STEPS).sum(axis=1)
            assert setup_s == 0.0
            assert step_s == pytest.approx(through[squares.argmin()], abs=1e-5)


def test_the_wild_bootstrap_keeps_each_left_out_residual_under_either_sign() -> None:
    seconds = times(3)[0]
    line = TimeLine(STEPS)
    drawn = line.resampled(seconds, 200, np.random.default_rng(0))
    middle = np.polyval(np.polyfit(STEPS, seconds, 1), STEPS)
    apart = np.abs(drawn - middle)
    assert apart == pytest.approx(np.broadcast_to(apart[0], apart.shape), rel=1e-9)
    assert (apart[0] >= np.abs(seconds - middle) * (1 - 1e-9)).all()
    signs = np.sign(drawn - middle)
    assert np.abs(signs.mean(axis=0)).max() < 0.3
