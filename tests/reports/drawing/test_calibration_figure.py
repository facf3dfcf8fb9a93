"""The figure of measurements, fit and residuals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from problems.calibration.curves import fit_curves
from reports.drawing.calibration_figure import draw
from reports.drawing.style import to_bytes
from tests.problems.calibration.support import made_up


def test_every_measurement_and_its_residual_is_drawn() -> None:
    one = made_up(np.random.default_rng(0))
    two = replace(one, model="other", quality_tv=one.quality_tv + 5.0)
    fitted = [fit_curves(one), fit_curves(two)]
    canvas = draw([one, two], fitted)
    assert len(canvas.axes) == 8
    quality, residual = canvas.axes[4], canvas.axes[6]
    np.testing.assert_array_equal(quality.lines[-1].get_ydata(), two.quality_tv)
    np.testing.assert_allclose(residual.lines[-1].get_ydata(), two.quality_tv - fitted[1].quality_at(two.steps))
    assert quality.get_title(loc="left") == "other: quality"


def test_the_same_fit_gives_the_same_bytes() -> None:
    data = made_up(np.random.default_rng(0))
    once, again = (to_bytes(draw([data], [fit_curves(data)]), "png") for _ in range(2))
    assert once == again
