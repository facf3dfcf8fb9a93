"""Air times from below: tangents of a convex curve (Duran and Grossmann, An outer-approximation algorithm, 1986)."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from solvers.programme.programme import AirRows, Programme
from solvers.slot.air_loads import air_terms

FACTORS = (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0)
"""Where air times are first approximated, as multiples of the shares of a start."""


def air_curve(air: AirRows, rows: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Air times (P,) in seconds and their slopes (P,) of rows (P,) at shares (P,) > 0."""
    seconds, slope = np.empty(len(rows)), np.empty(len(rows))
    for p, (row, b) in enumerate(zip(rows, share, strict=True)):
        load, _, seconds[p] = air_terms(b, air.up[row], air.snr[row], air.down[row])
        slope[p] = -load / (b * b)
    return seconds, slope


def around(programme: Programme, x: np.ndarray) -> Programme:
    """The programme with tangents of all its air rows around the shares at ``x`` (V,)."""
    rows = np.arange(len(programme.air))
    for factor in FACTORS:
        programme = with_tangents(programme, rows, factor * x[programme.air.share])
    return programme


def with_tangents(programme: Programme, rows: np.ndarray, share: np.ndarray) -> Programme:
    """The programme with the tangents of some air rows (P,) at shares (P,), moved into their box, as linear rows."""
    air = programme.air
    columns = air.share[rows]
    share = np.clip(share, programme.lower[columns], programme.upper[columns])
    seconds, slope = air_curve(air, rows, share)
    each = np.tile(np.arange(len(rows)), 2)
    place = np.concatenate([columns, air.seconds[rows]])
    value = np.concatenate([slope, -np.ones(len(rows))])
    matrix = csr_matrix((value, (each, place)), shape=(len(rows), len(programme.names)))
    return programme.with_rows(matrix, slope * share - seconds)


def underestimated(programme: Programme, x: np.ndarray, tolerance_s: float) -> np.ndarray:
    """The air rows whose air time at ``x`` (V,) is more than ``tolerance_s`` seconds too short."""
    air = programme.air
    share = np.clip(x[air.share], programme.lower[air.share], programme.upper[air.share])
    seconds, _ = air_curve(air, np.arange(len(air)), share)
    return np.flatnonzero(x[air.seconds] < seconds - tolerance_s)
