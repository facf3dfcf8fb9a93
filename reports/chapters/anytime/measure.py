"""Anytime curves: how far answers and bounds of every solver were from the optimum in the course of a solve."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from benchmarks.process.outcome import NOT_TRIED
from benchmarks.store.integrals import Courses, primal_dual_integral, primal_integral
from reports.study.study import Study

POINTS = 300
"""Times at which a curve is known."""
MOST_BANDS = 8
"""The quartiles of more solvers in one panel would hide each other."""
_QUARTILES = (0.25, 0.75)
_LEAST_S = 1e-6


@dataclass(frozen=True, eq=False)
class Curve:
    """A mean over the cells of a solver at growing times, from when all of them have something to mean."""

    seconds: np.ndarray
    """(P,) since the solver was called, to its longest solve; empty where a cell has nothing."""
    gap: np.ndarray
    """(P,) fractions: of answers above, of bounds below the reference."""
    low: np.ndarray
    """(P,) the lower quartile over cells; empty where there are too many solvers to show it."""
    high: np.ndarray
    """(P,) the upper quartile."""


@dataclass(frozen=True, eq=False)
class Course:
    """A solver on a family."""

    label: str
    costs: Curve
    bounds: Curve
    """Empty where the solver states none."""


@dataclass(frozen=True, eq=False)
class Race:
    """All solvers on a family whose instances have a best known cost."""

    family: str
    horizon_s: float
    """The longest solve of any cell: until then the last answer of every cell counts."""
    courses: list[Course]
    """Of the solvers with a curve, in the order of their labels."""
    integrals: pd.DataFrame
    """One row a solver, the least primal integral first: family, label, cells, answered (cells with an answer at any
    time), first_s (median, of these), primal_s and primal_dual_s (means of the integrals to the horizon)."""
    instances: int


def races_of(study: Study) -> list[Race]:
    """One for each family with a best known cost and a solve time; gaps are to that cost, certified or not."""
    known = {sha: ref.best_cost for sha, ref in study.references.items() if ref.best_cost is not None}
    cells = study.cells.assign(reference=study.cells["instance_sha256"].map(known), place=np.arange(len(study.cells)))
    cells = cells[~cells["status"].isin(NOT_TRIED) & cells["instance_sha256"].isin(known)]
    races = []
    for family in study.families:
        own = cells[cells["scope"] == family]
        horizon = float(own["solve_s"].max())
        if horizon > 0:
            races.append(_race(study, family, own, horizon))
    return races


def mean_curve(steps: Courses, end_s: float, banded: bool = False) -> Curve:
    """The mean of step functions, whose values are gaps, at times evenly spread on logarithms.

    ``banded``: with their quartiles.
    """
    starts = np.flatnonzero(np.diff(steps.solve, prepend=-1))
    if steps.solves == 0 or len(starts) < steps.solves:
        return Curve(*(np.empty(0),) * 4)
    changes = np.diff(steps.value, prepend=0.0)
    changes[starts] = steps.value[starts]
    order = np.argsort(steps.seconds, kind="stable")
    at, level = steps.seconds[order], np.cumsum(changes[order]) / steps.solves
    first = max(_LEAST_S, float(steps.seconds[starts].max()))
    grid = np.geomspace(first, max(np.nan_to_num(end_s), at[-1], first), POINTS)
    low, high = _quartiles(steps, starts, grid) if banded else (np.empty(0),) * 2
    return Curve(grid, level[np.searchsorted(at, grid, side="right") - 1], low, high)


def _quartiles(steps: Courses, starts: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """(2, P): of the steps, which begin anew at ``starts``, at the times of the grid."""
    ends = [*starts[1:], len(steps.value)]
    parts = [slice(start, end) for start, end in zip(starts, ends, strict=True)]
    values = [steps.value[part][np.searchsorted(steps.seconds[part], grid, side="right") - 1] for part in parts]
    quartiles: np.ndarray = np.quantile(values, _QUARTILES, axis=0)
    return quartiles


def _race(study: Study, family: str, cells: pd.DataFrame, horizon_s: float) -> Race:
    courses, rows = [], []
    banded = cells["label"].nunique() <= MOST_BANDS
    for label, own in cells.groupby("label", sort=True):
        events, best = study.courses.part(own["place"].to_numpy()), own["reference"].to_numpy(dtype=float)
        rows.append({"family": family, "label": str(label), **_integrals(events, best, horizon_s)})
        end_s = float(own["solve_s"].max())
        costs = mean_curve(_gaps(events.where(events.is_cost), best, 1.0), end_s, banded)
        bounds = mean_curve(_gaps(events.where(~events.is_cost), best, -1.0), end_s, banded)
        if len(costs.seconds) or len(bounds.seconds):
            courses.append(Course(str(label), costs, bounds))
    table = pd.DataFrame(rows).sort_values(["primal_s", "label"], kind="stable", ignore_index=True)
    return Race(family, horizon_s, courses, table, int(cells["instance_sha256"].nunique()))


def _gaps(events: Courses, best: np.ndarray, sign: float) -> Courses:
    """The events with gaps in place of values."""
    return replace(events, value=sign * (events.value / best[events.solve] - 1))


def _integrals(events: Courses, best: np.ndarray, horizon_s: float) -> dict[str, float]:
    answers = events.where(events.is_cost)
    firsts = answers.seconds[np.flatnonzero(np.diff(answers.solve, prepend=-1))]
    ends = np.full(events.solves, horizon_s)
    return {
        "cells": events.solves,
        "answered": len(firsts),
        "first_s": float(np.median(firsts)) if len(firsts) else math.nan,
        "primal_s": float(primal_integral(events, best, ends).mean()),
        "primal_dual_s": float(primal_dual_integral(events, ends).mean()),
    }
