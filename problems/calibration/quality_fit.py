"""The quality curve q(s) by least squares: every pair of kinks is weighed, none is searched for by descent.

Where the kinks A1 < A2 fall between two measured step counts each, the curve is a plateau, a line and a plateau, all
linear in their numbers, so the best of them has a closed form; it stands if its kinks fall where they were assumed.
If they do not, the best curve of these gaps has a kink on a step count, which again has a closed form. So the least of
finitely many linear fits is the global optimum, for many sets of values at once.

Measurements do not tell where a kink lies in a gap that holds both, nor how far a plateau reaches beyond what was
measured: there the kinks are the nearest step counts that were measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

LEAST_COUNTS = 4
"""Distinct step counts, as many as the curve has numbers."""
_TOGETHER = 128
"""Candidates weighed at a time."""
_SLACK = 1e-9
"""Of a gap's width: rounding may move a kink out of it by so much."""


@dataclass(frozen=True, eq=False)
class QualityFit:
    """Least-squares curves of B sets of values; each array has shape (B,)."""

    steps_low: np.ndarray
    steps_high: np.ndarray
    tv_worst: np.ndarray
    tv_best: np.ndarray


@dataclass(frozen=True, eq=False)
class _Candidate:
    """The curves whose kinks lie each on one step count, or anywhere in one gap between two."""

    basis: np.ndarray
    """(D, p): the curve's values at the step counts as a linear function of p numbers."""
    reading: np.ndarray
    """(4, p): A3, A4, and the line's intercept and slope from the p numbers."""
    low: tuple[float, float]
    """Where A1 may lie; a point where it is fixed."""
    high: tuple[float, float]
    """Where A2 may lie."""


class QualitySearch:
    """Fits the curve to values measured at ``steps``, an array (n,) with at least four distinct counts."""

    def __init__(self, steps: np.ndarray) -> None:
        counts, place = np.unique(np.asarray(steps, dtype=float), return_inverse=True)
        if len(counts) < LEAST_COUNTS:
            raise ValueError(f"{len(counts)} distinct step counts; needs at least {LEAST_COUNTS}")
        self._rows = np.bincount(place).astype(float)
        self._average = np.eye(len(counts))[:, place] / self._rows[:, None]
        candidates = list(_candidates(counts))
        width, numbers = len(counts), 4
        self._orthonormal = np.zeros((len(candidates), numbers, width))
        self._reading = np.empty((len(candidates), numbers, width))
        weight = np.sqrt(self._rows)
        for c, candidate in enumerate(candidates):
            q, r = np.linalg.qr(weight[:, None] * candidate.basis)
            self._orthonormal[c, : q.shape[1]] = q.T
            self._reading[c] = candidate.reading @ np.linalg.solve(r, q.T)
        self._low = np.array([candidate.low for candidate in candidates])
        self._high = np.array([candidate.high for candidate in candidates])

    def fit(self, values: np.ndarray) -> QualityFit:
        """The best curve of each row of ``values`` (B, n), measured at the steps in their order.

        A curve that rises has A3 < A4; whether that is allowed is for the caller to say.
        """
        values = np.atleast_2d(values)
        means = self._average @ values.T
        centre = (self._rows @ means) / self._rows.sum()
        scaled = np.sqrt(self._rows)[:, None] * (means - centre)
        best = np.full(len(values), -np.inf)
        found = np.zeros((4, len(values)))
        for first in range(0, len(self._low), _TOGETHER):
            part = slice(first, first + _TOGETHER)
            explained = np.square(self._orthonormal[part] @ scaled).sum(axis=1)
            worst, best_tv, intercept, slope = np.moveaxis(self._reading[part] @ scaled, 1, 0)
            low, fits_low = _kink(worst, intercept, slope, self._low[part])
            high, fits_high = _kink(best_tv, intercept, slope, self._high[part])
            explained[~(fits_low & fits_high)] = -np.inf
            winner = explained.argmax(axis=0)[None]
            here = np.take_along_axis(explained, winner, 0)[0]
            better = here > best
            best[better] = here[better]
            for row, array in enumerate((low, high, worst, best_tv)):
                found[row, better] = np.take_along_axis(array, winner, 0)[0, better]
        return QualityFit(found[0], found[1], found[2] + centre, found[3] + centre)


def _kink(
    plateau: np.ndarray, intercept: np.ndarray, slope: np.ndarray, bounds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(C, B): where the line meets the plateau, and whether that is within the bounds (C, 2) of the candidate.

    What rounding alone moves away from a bound is on it: "a plateau was seen" must not hang on a last bit.
    """
    first, last = bounds[:, :1], bounds[:, 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        meeting = (plateau - intercept) / slope
    slack = _SLACK * (last - first)
    inside = (meeting >= first - slack) & (meeting <= last + slack)
    fixed = np.broadcast_to(first == last, meeting.shape)
    place = np.where(meeting <= first + slack, first, np.where(meeting >= last - slack, last, meeting))
    return np.where(fixed, first, place), inside | fixed


def _candidates(counts: np.ndarray) -> Iterator[_Candidate]:
    """Every way for two kinks to lie on the step counts (D,) or between them that the data can tell."""
    places = [(count, count) for count in counts.tolist()] + list(pairwise(counts.tolist()))
    for low, high in combinations(sorted(places, key=sum), 2):
        free = (low[0] < low[1]) + (high[0] < high[1])
        if ((counts > low[0]) & (counts < high[1])).sum() >= free:
            yield _candidate(counts, low, high)


def _candidate(counts: np.ndarray, low: tuple[float, float], high: tuple[float, float]) -> _Candidate:
    left, right = counts <= low[0], counts >= high[1]
    line = ~(left | right)
    if low[0] < low[1] and high[0] < high[1]:
        return _Candidate(np.stack([left, right, line, line * counts], axis=1), np.eye(4), low, high)
    if high[0] < high[1]:
        basis = np.stack([left | line, right, line * (counts - low[0])], axis=1)
        return _Candidate(basis, np.array([[1, 0, 0], [0, 1, 0], [1, 0, -low[0]], [0, 0, 1]]), low, high)
    if low[0] < low[1]:
        basis = np.stack([left, line | right, line * (counts - high[0])], axis=1)
        return _Candidate(basis, np.array([[1, 0, 0], [0, 1, 0], [0, 1, -high[0]], [0, 0, 1]]), low, high)
    progress = np.clip((counts - low[0]) / (high[0] - low[0]), 0.0, 1.0)
    slope = 1.0 / (high[0] - low[0])
    reading = np.array([[1, 0], [0, 1], [1 + low[0] * slope, -low[0] * slope], [-slope, slope]])
    return _Candidate(np.stack([1.0 - progress, progress], axis=1), reading, low, high)
