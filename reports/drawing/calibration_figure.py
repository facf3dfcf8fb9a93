"""Figure: what was measured of a model's quality and time, the curves that fit it, and what they leave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine

from problems.calibration.curves import Curves
from problems.calibration.intervals import Interval
from problems.calibration.measurements import Measurements
from problems.calibration.shapes import SHAPES
from reports.drawing.style import GRID, INK, MUTED, marks, styled
from reports.writing.numbers import significant

_PANEL_IN = (5.0, 3.0)
_RESIDUAL_SHARE = 0.4
"""Height of a panel of residuals to one of measurements."""
_POINTS = 400
_TITLE = "What was measured, the curves of least squares, and what they leave; grey: 95 % intervals of A1 and A2"
_OTHER_LINES = ("--", ":")


def draw(measured: Sequence[Measurements], fitted: Sequence[Curves]) -> Canvas:
    """Two columns, quality and time; two rows a model, measurements with the fit and residuals below."""
    with styled():
        models = len(fitted)
        canvas = Canvas(
            figsize=(2 * _PANEL_IN[0], models * _PANEL_IN[1] * (1 + _RESIDUAL_SHARE)),
            layout=ConstrainedLayoutEngine(wspace=0.04, hspace=0.02),
        )
        canvas.suptitle(_TITLE, x=0.01, ha="left")
        axes = canvas.subplots(2 * models, 2, squeeze=False, sharex="col", height_ratios=[1, _RESIDUAL_SHARE] * models)
        colours = marks(curves.model for curves in fitted)
        for row, (data, curves) in enumerate(zip(measured, fitted, strict=True)):
            colour = colours[curves.model].colour
            _quality(axes[2 * row, 0], data, curves, colour)
            _time(axes[2 * row, 1], data, curves, colour)
            _residuals(axes[2 * row + 1, 0], data.steps, data.quality_tv - curves.quality_at(data.steps), colour, "TV")
            missed_ms = 1000.0 * (data.seconds - curves.seconds_at(data.steps))
            _residuals(axes[2 * row + 1, 1], data.steps, missed_ms, colour, "ms")
        for last in axes[-1]:
            last.set_xlabel("denoising steps")
    return canvas


def _quality(axes: Axes, data: Measurements, curves: Curves, colour: str) -> None:
    at = np.linspace(data.steps.min(), data.steps.max(), _POINTS)
    others = [name for name in SHAPES if name != next(iter(SHAPES))]
    for name, line in zip(others, _OTHER_LINES, strict=True):
        error = significant(curves.prediction_errors[name])
        curve = SHAPES[name](data.steps, data.quality_tv)(at)
        axes.plot(at, curve, line, color=MUTED, linewidth=1, label=f"{name}, {error}")
    for kink in (curves.steps_low, curves.steps_high):
        axes.axvspan(kink.low, kink.high, color=GRID, alpha=0.6, linewidth=0)
    error = significant(curves.prediction_errors[next(iter(SHAPES))])
    axes.plot(at, curves.quality_at(at), color=INK, linewidth=1.5, label=f"piecewise linear, {error}")
    _points(axes, data.steps, data.quality_tv, colour)
    axes.set_title(f"{curves.model}: quality", loc="left", fontweight="bold")
    axes.set_ylabel("total variation")
    axes.legend(title="error at steps left out, TV", fontsize=7.5, title_fontsize=7.5, alignment="left")
    axes.set_title(_said("A1", curves.steps_low) + ", " + _said("A2", curves.steps_high), loc="right", fontsize=8)


def _time(axes: Axes, data: Measurements, curves: Curves, colour: str) -> None:
    at = np.array([0.0, data.steps.max()])
    axes.plot(at, curves.seconds_at(at), color=INK, linewidth=1.5)
    _points(axes, data.steps, data.seconds, colour)
    axes.set_ylim(bottom=0.0)
    axes.set_title(f"{curves.model}: generation", loc="left", fontweight="bold")
    axes.set_title(f"R² {curves.time.r_squared:.4f}", loc="right", fontsize=8)
    axes.set_ylabel("seconds")


def _residuals(axes: Axes, steps: np.ndarray, missed: np.ndarray, colour: str, unit: str) -> None:
    axes.axhline(0.0, color=INK, linewidth=1)
    _points(axes, steps, missed, colour)
    axes.set_ylabel(f"residual, {unit}")


def _points(axes: Axes, steps: np.ndarray, values: np.ndarray, colour: str) -> None:
    axes.plot(steps, values, "o", color=colour, markersize=3.5, alpha=0.7, markeredgewidth=0)


def _said(name: str, interval: Interval) -> str:
    return f"{name} {interval.value:.1f} ({interval.low:.1f} to {interval.high:.1f})"
