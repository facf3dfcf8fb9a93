"""Gaps and captured gains of many cells at once: what :class:`~benchmarks.references.reference.Reference` says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.references.reference import Reference
from problems.judge import OBJECTIVE_TOLERANCE


def measures(references: Sequence[Reference], place: np.ndarray, cost: np.ndarray) -> dict[str, np.ndarray]:
    """Of each cost (C,): ``gap_low``, ``gap_high``, ``captured_low``, ``captured_high`` (fractions) and ``stake``.

    ``place`` (C,) is that of the cost's reference. NaN: no cost, or not known.
    """
    best, bound, cloud, stake = (
        np.array([getattr(reference, name) for reference in references], dtype=float)[place]
        for name in ("best_cost", "best_bound", "cloud_cost", "stake")
    )
    certified = np.array([reference.certified for reference in references], dtype=bool)[place]
    with np.errstate(divide="ignore", invalid="ignore"):
        low = _gap(cost, best)
        high = np.where(certified, low, np.where(np.isnan(bound), np.inf, _gap(cost, bound)))
        ends = _captured(cost, cloud, best), _captured(cost, cloud, np.where(certified, best, bound))
    found = {"gap_low": low, "gap_high": high}
    found |= {"captured_low": np.minimum(*ends), "captured_high": np.maximum(*ends), "stake": stake}
    return {name: np.where(np.isnan(cost), np.nan, values) for name, values in found.items()}


def _gap(cost: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """As :func:`problems.judge.optimality_gap`."""
    gap: np.ndarray = np.where((reference == 0) & (cost == 0), 0.0, (cost - reference) / reference)
    return gap


def _captured(cost: np.ndarray, cloud: np.ndarray, offline: np.ndarray) -> np.ndarray:
    """As :func:`problems.judge.captured_gain`."""
    possible = cloud - offline
    gain: np.ndarray = np.where(possible > OBJECTIVE_TOLERANCE * np.abs(cloud), (cloud - cost) / possible, np.nan)
    return gain
