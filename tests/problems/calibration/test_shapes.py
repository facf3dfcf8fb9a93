"""Other shapes of a curve, fitted and judged by what they were not fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from problems.calibration.shapes import PAPER_SHAPE, SHAPES, exponential, power_law, prediction_errors
from problems.physics import quality_tv

STEPS = np.array([1.0, 2, 4, 8, 12, 16, 20, 24, 32, 40])


@pytest.mark.parametrize("scale", [0.3, 50.0])
def test_each_shape_finds_itself_again(scale: float) -> None:
    """To the grid of bends, which is fine; and goes through points that it was not told."""
    at = np.array([3.0, 10.0, 30.0])
    for shape, curve in (
        (exponential, lambda s: 20 + scale * np.exp(-s / 9.0)),
        (power_law, lambda s: 20 + scale * s**-0.8),
        (SHAPES[PAPER_SHAPE], lambda s: quality_tv(s, 4.0, 24.0, 20 + scale, 20.0)),
    ):
        assert shape(STEPS, curve(STEPS))(at) == pytest.approx(curve(at), abs=2e-3 * scale)


@pytest.mark.parametrize(
    ("name", "base", "bends"),
    [
        ("exponential", lambda s, d: np.exp(-s / d), np.geomspace(0.2, 300.0, 300)),
        ("power law", lambda s, p: s**-p, np.geomspace(0.02, 9.0, 300)),
    ],
)
def test_no_other_bend_fits_better(name: str, base: object, bends: np.ndarray) -> None:
    """Level and slope of each by NumPy's least squares; to the width of the grid."""
    assert callable(base)
    values = 60.0 - 0.8 * STEPS + np.random.default_rng(0).normal(0, 2.0, len(STEPS))
    found = float(np.square(values - SHAPES[name](STEPS, values)(STEPS)).sum())
    for bend in bends:
        design = np.stack([base(STEPS, bend), np.ones(len(STEPS))], axis=1)
        rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
        assert found <= float(np.square(rest).sum()) * (1 + 1e-3)


def test_errors_are_those_at_counts_left_out_once_each_and_never_at_the_ends() -> None:
    """With as many folds as inner counts: leave one out, by hand."""
    values = 30.0 + 90.0 * np.exp(-STEPS / 9.0) + np.random.default_rng(1).normal(0, 1.0, len(STEPS))
    found = prediction_errors(STEPS, values)
    assert set(found) == set(SHAPES)
    for name, shape in SHAPES.items():
        left_out = [(i, shape(np.delete(STEPS, i), np.delete(values, i))) for i in range(1, 9)]
        missed = [values[i] - curve(STEPS[i : i + 1])[0] for i, curve in left_out]
        assert found[name] == pytest.approx(np.sqrt(np.mean(np.square(missed))), rel=1e-9)
