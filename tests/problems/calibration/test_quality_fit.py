"""The quality curve of least squares, against a fine grid of kinks that shares no algorithm with the search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.calibration.quality_fit import QualitySearch
from problems.physics import quality_tv


def squares(steps: np.ndarray, values: np.ndarray) -> float:
    fit = QualitySearch(steps).fit(values[None])
    curve = quality_tv(steps, fit.steps_low, fit.steps_high, fit.tv_worst, fit.tv_best)
    return float(np.square(values - curve).sum())


def least_on_a_grid(steps: np.ndarray, values: np.ndarray) -> float:
    """The least sum of squares with kinks on a grid of a fiftieth of a step."""
    grid = np.arange(steps.min(), steps.max() + 0.01, 0.05)
    low, high = (kinks.ravel()[:, None] for kinks in np.meshgrid(grid, grid, indexing="ij"))
    ordered = (low < high - 1e-9).ravel()
    progress = np.clip((steps - low[ordered]) / (high - low)[ordered], 0.0, 1.0)
    aside = progress - progress.mean(axis=1, keepdims=True)
    deviation = values - values.mean()
    norm = np.square(aside).sum(axis=1)
    explained = np.divide(np.square(aside @ deviation), norm, out=np.zeros_like(norm), where=norm > 1e-12)
    return float(np.square(deviation).sum() - explained.max())


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000), counts=st.integers(4, 9), noise=st.sampled_from([0.5, 5.0, 40.0]))
def test_no_kinks_on_a_grid_fit_better(seed: int, counts: int, noise: float) -> None:
    random = np.random.default_rng(seed)
    steps = np.repeat(np.sort(random.choice(np.arange(1.0, 26.0), counts, replace=False)), 2)
    values = quality_tv(steps, 6.0, 18.0, 120.0, 35.0) + noise * random.normal(size=len(steps))
    assert squares(steps, values) <= least_on_a_grid(steps, values) * (1 + 1e-9) + 1e-9


def test_curves_without_noise_are_found_exactly() -> None:
    steps = np.arange(1.0, 41.0, 3.0)
    truth = np.array([[8.2, 30.7, 110.0, 40.0], [10.0, 22.0, 60.0, 20.0], [1.0, 40.0, 9.0, 3.0]])
    fit = QualitySearch(steps).fit(quality_tv(steps, *np.moveaxis(truth[:, :, None], 1, 0)))
    found = np.stack([fit.steps_low, fit.steps_high, fit.tv_worst, fit.tv_best], axis=1)
    np.testing.assert_allclose(found, truth, rtol=1e-9)


def test_a_sudden_fall_has_its_kinks_on_the_counts_beside_it() -> None:
    fit = QualitySearch(np.array([1.0, 2, 5, 9, 20])).fit(np.array([[50.0, 50, 10, 10, 10]]))
    assert (fit.steps_low, fit.steps_high) == (2.0, 5.0)
    assert (fit.tv_worst, fit.tv_best) == (pytest.approx(50.0), pytest.approx(10.0))


def test_rows_of_the_same_count_weigh_each() -> None:
    """Three equal rows pull the plateau as three do, and the order of the rows does not matter."""
    steps = np.array([1.0, 1, 1, 2, 30, 40])
    values = np.array([10.0, 10, 10, 18, 2, 2])
    forward, backward = QualitySearch(steps).fit(values[None]), QualitySearch(steps[::-1]).fit(values[None, ::-1])
    assert forward.tv_worst == pytest.approx(12.0)
    assert backward.tv_worst == pytest.approx(12.0)


def test_three_counts_are_too_few() -> None:
    with pytest.raises(ValueError, match="3 distinct"):
        QualitySearch(np.array([1.0, 2, 3, 3]))
