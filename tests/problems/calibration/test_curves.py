"""The curves of a model: which shape is best, what is remarked, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from problems.calibration.curves import fit_curves
from problems.calibration.measurements import Measurements
from problems.io.errors import InputError
from tests.problems.calibration.support import STEPS, TRUTH, made_up


def shaped(quality: np.ndarray, steps: np.ndarray = STEPS) -> Measurements:
    return Measurements("m", steps, quality, 0.1 * steps + 0.2)


def test_the_truth_comes_back_without_noise() -> None:
    curves = fit_curves(made_up(np.random.default_rng(0), noise_tv=0.0, noise=0.0))
    for field, value in TRUTH.items():
        assert getattr(curves, field).value == pytest.approx(value, rel=1e-9)
    assert curves.quality.r_squared == pytest.approx(1.0)
    assert curves.best_shape == "piecewise linear"
    assert curves.remarks == []


@pytest.mark.parametrize(
    ("quality", "best"),
    [(30.0 + 90.0 * np.exp(-STEPS / 9.0), "exponential"), (20.0 + 80.0 * STEPS**-0.8, "power law")],
)
def test_it_says_when_the_paper_s_shape_is_not_the_best(quality: np.ndarray, best: str) -> None:
    curves = fit_curves(shaped(quality))
    assert curves.best_shape == best
    assert any(line.startswith(f"piecewise linear is not the best shape: {best}") for line in curves.remarks)
    assert curves.prediction_errors[best] < 0.1 * curves.prediction_errors["piecewise linear"]


def test_plateaus_that_were_not_seen_are_remarked() -> None:
    curves = fit_curves(shaped(100.0 - 2.0 * STEPS))
    assert [line.split(" was")[0] for line in curves.remarks[:2]] == ["no worst plateau", "no best plateau"]
    assert (curves.steps_low.value, curves.steps_high.value) == (1.0, 40.0)


@pytest.mark.parametrize("value", [1e-12, 0.3, 1e15])
@pytest.mark.parametrize("steps", [np.array([1.0, 2, 3, 5, 7, 11]), np.arange(99_995.0, 100_001.0)])
def test_constants_neither_rise_nor_fall_by_rounding(value: float, steps: np.ndarray) -> None:
    constant, line = np.full(len(steps), value), steps.copy()
    with pytest.raises(InputError, match=r"column seconds: .* must rise with the steps"):
        fit_curves(Measurements("m", steps, line[::-1], constant))
    with pytest.raises(InputError, match="column quality_tv: is the same at all steps"):
        fit_curves(Measurements("m", steps, constant, line))


def test_a_small_rise_over_a_long_set_up_is_one() -> None:
    curves = fit_curves(Measurements("m", STEPS, 100.0 - 1e-5 * STEPS, 1000.0 + 1e-4 * STEPS))
    assert curves.step_s.value == pytest.approx(1e-4, rel=1e-6)


@pytest.mark.parametrize(
    ("quality", "seconds", "words"),
    [
        (STEPS, STEPS, "column quality_tv: rises with the steps; lower is better, so it must fall"),
        (0 * STEPS + 3, STEPS, "column quality_tv: is the same at all steps"),
        (50 - STEPS, 50 - STEPS, "column seconds: -1 s a step; must rise with the steps"),
    ],
)
def test_curves_the_wrong_way_round_are_refused(quality: np.ndarray, seconds: np.ndarray, words: str) -> None:
    with pytest.raises(InputError, match=f"^model 'm', {words}"):
        fit_curves(Measurements("m", STEPS, quality, seconds))
