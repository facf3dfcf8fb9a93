"""Intervals of 95 % for the numbers of both curves, by the bootstrap.

Quality: the curve is fitted again to its own values with residuals drawn anew from all of them; the interval holds the
middle 95 % of the results. Residuals are widened for the four numbers that they were fitted with, and for the doubt
about their size that Student's t stands for. Drawing whole rows instead would lose step counts next to a kink, and
keeping each residual at its place (the wild bootstrap) is too narrow at the plateaus, which few rows decide. The errors
are taken to be of one size at all steps.

Time: residuals stay where they are, under drawn signs, as long times vary more than short ones; the interval is
the studentised one, which is right where the number of rows is small, too.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats

from problems.calibration.quality_fit import QualityFit, QualitySearch
from problems.calibration.time_fit import TimeLine
from problems.physics import quality_tv

LEVEL = 0.95
RESAMPLES = 1000
_CURVE_NUMBERS = 4
_TAILS = ((1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0)


class Interval(NamedTuple):
    """A number and where it may lie."""

    value: float
    low: float
    high: float


def quality_intervals(
    search: QualitySearch, steps: np.ndarray, values: np.ndarray, random: np.random.Generator
) -> tuple[Interval, Interval, Interval, Interval]:
    """A1, A2, A3 and A4 of the values (n,) measured at the steps (n,)."""
    best = search.fit(values[None])
    curve = quality_tv(steps, best.steps_low, best.steps_high, best.tv_worst, best.tv_best)
    left = max(len(values) - _CURVE_NUMBERS, 1)
    residual = (
        (values - curve) * np.sqrt(len(values) / left) * (stats.t.ppf(_TAILS[1], left) / stats.norm.ppf(_TAILS[1]))
    )
    again = _numbers(search.fit(curve + random.choice(residual, (RESAMPLES, len(values)))))
    low, high = np.quantile(again, _TAILS, axis=1)
    one, two, three, four = map(Interval, _numbers(best)[:, 0].tolist(), low.tolist(), high.tolist())
    return one, two, three, four


def time_intervals(line: TimeLine, seconds: np.ndarray, random: np.random.Generator) -> tuple[Interval, Interval]:
    """B1 and B2 of the seconds (n,); they cannot be below 0, so neither reaches there."""
    best = line.fit(seconds[None])
    again = line.fit(line.resampled(seconds, RESAMPLES, random))
    with np.errstate(invalid="ignore"):
        turned = np.nan_to_num((again.value - best.value) / again.error)
    low, high = np.quantile(turned, _TAILS, axis=1)
    ends = np.maximum(best.value[:, 0] - best.error[:, 0] * np.stack([high, low]), 0.0)
    one, two = map(Interval, line.fit_positive(seconds), *ends.tolist())
    return one, two


def _numbers(fit: QualityFit) -> np.ndarray:
    """(4, B)."""
    return np.stack([fit.steps_low, fit.steps_high, fit.tv_worst, fit.tv_best])
