"""The curves of a model from its measurements: six numbers with their intervals, and how well they fit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from problems.calibration.intervals import Interval, quality_intervals, time_intervals
from problems.calibration.measurements import Measurements
from problems.calibration.quality_fit import QualitySearch
from problems.calibration.shapes import PAPER_SHAPE, prediction_errors
from problems.calibration.time_fit import TimeLine
from problems.io.errors import InputError
from problems.physics import edge_time_s, quality_tv

LEAST_CHANGE = 1e-9
"""Of the greatest value: a curve that changes by less is constant, but for rounding."""
CURVE_FIELDS = ("steps_low", "steps_high", "tv_worst", "tv_best", "step_s", "setup_s")
"""A1, A2, A3, A4, B1, B2."""


@dataclass(frozen=True)
class Goodness:
    """How well a curve fits what it was fitted to."""

    rmse: float
    """Root mean square of the residuals, in the unit of the curve."""
    r_squared: float
    """The share of the variance that the curve explains."""


@dataclass(frozen=True)
class Curves:
    """The fit of one model."""

    model: str
    steps_low: Interval
    steps_high: Interval
    tv_worst: Interval
    tv_best: Interval
    step_s: Interval
    setup_s: Interval
    quality: Goodness
    time: Goodness
    prediction_errors: dict[str, float]
    """For each shape, TV: its error at step counts that were left out."""
    measured: tuple[int, int]
    """The least and the greatest number of steps measured."""

    def quality_at(self, steps: np.ndarray) -> np.ndarray:
        """q(s) in TV, steps and result of shape (n,)."""
        numbers = (self.steps_low, self.steps_high, self.tv_worst, self.tv_best)
        curve: np.ndarray = quality_tv(steps, *(np.array(number.value) for number in numbers))
        return curve

    def seconds_at(self, steps: np.ndarray) -> np.ndarray:
        """B1 s + B2 in seconds, steps and result of shape (n,)."""
        line: np.ndarray = edge_time_s(steps, np.array(self.step_s.value), np.array(self.setup_s.value))
        return line

    @property
    def best_shape(self) -> str:
        """The shape that predicts left-out step counts best."""
        return min(self.prediction_errors, key=self.prediction_errors.__getitem__)

    @property
    def remarks(self) -> list[str]:
        """What whoever uses the curves should know, a sentence each."""
        first, last = self.measured
        remarks = []
        if self.steps_low.value <= first:
            remarks.append(f"no worst plateau was seen: quality improves from the least step count measured, {first}")
        if self.steps_high.value >= last:
            remarks.append(f"no best plateau was seen: quality improves up to the greatest step count measured, {last}")
        if self.best_shape != PAPER_SHAPE:
            ours, best = (self.prediction_errors[shape] for shape in (PAPER_SHAPE, self.best_shape))
            remarks.append(
                f"{PAPER_SHAPE} is not the best shape: {self.best_shape} predicts step counts left out with an error "
                f"of {best:.3g} TV, {PAPER_SHAPE} with {ours:.3g}"
            )
        return remarks

    def document(self) -> dict[str, Any]:
        """For JSON: intervals as lists of value, low and high."""
        return {**asdict(self), "best_shape": self.best_shape, "remarks": self.remarks}


def fit_curves(measurements: Measurements, seed: int = 0) -> Curves:
    """The curves of least squares. Raises InputError where quality does not fall or seconds do not rise."""
    steps, quality, seconds = measurements.steps, measurements.quality_tv, measurements.seconds
    random = np.random.default_rng(seed)
    low, high, worst, best = quality_intervals(QualitySearch(steps), steps, quality, random)
    per_step, setup = time_intervals(TimeLine(steps), seconds, random)
    place = f"model {measurements.model!r}"
    fall, noticed = worst.value - best.value, LEAST_CHANGE * quality.max()
    if fall <= noticed:
        words = "rises with the steps" if fall < -noticed else "is the same at all steps"
        raise InputError(f"{place}, column quality_tv: {words}; lower is better, so it must fall")
    if per_step.value * np.ptp(steps) <= LEAST_CHANGE * seconds.max():
        raise InputError(f"{place}, column seconds: {per_step.value:.3g} s a step; must rise with the steps")
    curve = quality_tv(steps, *(np.array(number.value) for number in (low, high, worst, best)))
    line = edge_time_s(steps, per_step.value, setup.value)
    return Curves(
        measurements.model,
        *(low, high, worst, best, per_step, setup),
        quality=_goodness(quality, curve),
        time=_goodness(seconds, line),
        prediction_errors=prediction_errors(steps, quality),
        measured=(int(steps.min()), int(steps.max())),
    )


def _goodness(values: np.ndarray, curve: np.ndarray) -> Goodness:
    missed = np.square(values - curve)
    spread = np.square(values - values.mean()).sum()
    return Goodness(float(np.sqrt(missed.mean())), float(1.0 - missed.sum() / spread) if spread > 0 else 0.0)
