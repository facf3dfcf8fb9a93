"""Other shapes that a falling curve may have, and which shape predicts best what it was not fitted to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from problems.calibration.quality_fit import QualitySearch
from problems.physics import quality_tv

PAPER_SHAPE = "piecewise linear"
_FOLDS = 10
_BENDS = 400
"""Values tried for the one number in which a shape is not linear."""

Curve = Callable[[np.ndarray], np.ndarray]
Shape = Callable[[np.ndarray, np.ndarray], Curve]
"""From steps (n,) and values (n,) to the curve that fits them."""


def piecewise_linear(steps: np.ndarray, values: np.ndarray) -> Curve:
    """The shape of docs/problem.md: plateau, line, plateau."""
    fit = QualitySearch(steps).fit(values[None])
    return lambda at: quality_tv(at, fit.steps_low, fit.steps_high, fit.tv_worst, fit.tv_best)


def exponential(steps: np.ndarray, values: np.ndarray) -> Curve:
    """c + a exp(-s / d)."""
    decays = np.geomspace(steps.min() / 10.0, 10.0 * steps.max(), _BENDS)
    return _best_bend(steps, values, decays, lambda s, decay: np.exp(-s / decay))


def power_law(steps: np.ndarray, values: np.ndarray) -> Curve:
    """c + a s^-p."""
    return _best_bend(steps, values, np.geomspace(0.01, 10.0, _BENDS), lambda s, power: s**-power)


SHAPES: dict[str, Shape] = {PAPER_SHAPE: piecewise_linear, "exponential": exponential, "power law": power_law}


def prediction_errors(steps: np.ndarray, values: np.ndarray) -> dict[str, float]:
    """For each shape the root mean square error at step counts that it was not fitted to.

    Each count is left out once, alone or with others that are not its neighbours. The least and the greatest stay in,
    since a shape that is not asked to go on beyond what was measured should not be judged by that.
    """
    inner = np.unique(steps)[1:-1]
    folds = min(len(inner), _FOLDS)
    errors: dict[str, list[np.ndarray]] = {name: [] for name in SHAPES}
    for first in range(folds):
        out = np.isin(steps, inner[first::folds])
        for name, shape in SHAPES.items():
            errors[name].append(values[out] - shape(steps[~out], values[~out])(steps[out]))
    return {name: float(np.sqrt(np.square(np.concatenate(parts)).mean())) for name, parts in errors.items()}


def _best_bend(
    steps: np.ndarray, values: np.ndarray, bends: np.ndarray, base: Callable[[np.ndarray, float], np.ndarray]
) -> Curve:
    """The curve c + a base(s, bend) of least squares over c, a and the bends offered."""
    columns = np.stack([base(steps, bend) for bend in bends])
    centred = columns - columns.mean(axis=1, keepdims=True)
    aside = values - values.mean()
    norm = np.square(centred).sum(axis=1)
    slope = np.divide(centred @ aside, norm, out=np.zeros_like(norm), where=norm > 0)
    winner = int(np.argmax(slope * (centred @ aside)))
    bend, level = bends[winner], values.mean() - slope[winner] * columns[winner].mean()
    return lambda at: level + slope[winner] * base(at, bend)
