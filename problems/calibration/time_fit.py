"""The generation time B1 s + B2 by least squares, with intervals that do not take the errors to be of one size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class TimeFit:
    """Least-squares lines of B sets of times; the arrays have shape (2, B): seconds a step, seconds of set-up."""

    value: np.ndarray
    error: np.ndarray
    """Standard errors, each from the residuals of its own rows (HC3), as times vary more the longer they are."""


class TimeLine:
    """Fits lines to seconds measured at ``steps`` (n,), of which at least two differ."""

    def __init__(self, steps: np.ndarray) -> None:
        self._design = np.stack([steps, np.ones(len(steps))], axis=1)
        self._solve = np.linalg.pinv(self._design)
        leverage = np.einsum("ij,ji->i", self._design, self._solve)
        self._alone = 1.0 / np.maximum(1.0 - leverage, 1e-9)

    def fit(self, seconds: np.ndarray) -> TimeFit:
        """The line of each row of ``seconds`` (B, n)."""
        value = self._solve @ seconds.T
        left_out = self._left_out(seconds, value)
        return TimeFit(value, np.sqrt(np.square(self._solve) @ np.square(left_out)))

    def fit_positive(self, seconds: np.ndarray) -> tuple[float, float]:
        """B1 and B2 >= 0 of the seconds (n,): where the line would start below 0 it goes through 0."""
        step_s, setup_s = (self._solve @ seconds).tolist()
        if setup_s >= 0.0:
            return step_s, setup_s
        steps = self._design[:, 0]
        return float(steps @ seconds / (steps @ steps)), 0.0

    def resampled(self, seconds: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
        """(count, n): the line's times with its residuals, each under a sign drawn anew (the wild bootstrap)."""
        value = self._solve @ seconds[:, None]
        residual = self._left_out(seconds[None], value)[:, 0]
        return (self._design @ value)[:, 0] + residual * random.choice((-1.0, 1.0), (count, len(seconds)))

    def _left_out(self, seconds: np.ndarray, value: np.ndarray) -> np.ndarray:
        """(n, B): how far each time is from the line through the others."""
        return (seconds.T - self._design @ value) * self._alone[:, None]
