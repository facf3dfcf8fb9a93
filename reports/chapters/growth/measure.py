"""How solve time grows with the size of the instances: power laws by least squares on logarithms.

Sources: M. Coffin and M. J. Saltzman, Statistical Analysis of Computational Tests of Algorithms and
Heuristics, INFORMS Journal on Computing 12(1), 2000 (times against sizes on logarithms); D. C.
Montgomery, E. A. Peck and G. G. Vining, Introduction to Linear Regression Analysis, 5th ed., Wiley
2012, sections 2.2 to 2.4 (slope, its standard error and interval).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from benchmarks.process.outcome import COMPLETE, LIMITED, NOT_TRIED
from problems.families.changes import join_changes, split_changes
from problems.families.sizes import Sizes, split
from reports.study.study import Study

LEAST_SIZES = 3
"""An exponent needs so many distinct sizes: through two any power law passes."""
CONFIDENCE = 0.95
AT_LIMIT = 0.95
"""A cell that took this share of its time limit used it up, even if the solver ended by itself."""

SYMBOLS = {"models": "M", "users": "N", "slots": "K", "frames": "T"}

COMPLETED, CENSORED, FAILED = "completed", "censored", "failed"
"""Ended by itself in time; stopped by a limit, so that its time is only known to be longer; ended otherwise."""


@dataclass(frozen=True)
class Fit:
    """time = scale * size^exponent."""

    exponent: float
    std_error: float
    """Of the exponent."""
    low: float
    high: float
    """The exponent's interval at ``CONFIDENCE``."""
    r_squared: float
    """Share of the variance of log time that the law explains; NaN where all times are equal."""


def power_law(sizes: Sequence[float], times_s: Sequence[float]) -> Fit:
    """The law that fits the pairs best: ordinary least squares on log time against log size.

    With x and y the logarithms and n pairs: exponent p = S_xy / S_xx, residual variance
    s^2 = (S_yy - p S_xy) / (n - 2), standard error s / sqrt(S_xx), and the interval is p plus and minus
    Student's quantile with n - 2 degrees of freedom times the standard error.

    Raises ValueError for fewer than ``LEAST_SIZES`` distinct sizes and for what is not positive.
    """
    n, seconds = np.asarray(sizes, dtype=float), np.asarray(times_s, dtype=float)
    if len(np.unique(n)) < LEAST_SIZES:
        raise ValueError(f"sizes: {len(np.unique(n))} distinct; an exponent needs {LEAST_SIZES}")
    if not ((n > 0).all() and (seconds > 0).all()):
        raise ValueError("sizes and times must be > 0")
    x, y = np.log(n), np.log(seconds)
    x, y = x - x.mean(), y - y.mean()
    s_xx, s_xy, s_yy = float(x @ x), float(x @ y), float(y @ y)
    exponent = s_xy / s_xx
    residual = float(((y - exponent * x) ** 2).sum())
    std_error = math.sqrt(residual / (len(n) - 2) / s_xx)
    reach = float(student.ppf((1 + CONFIDENCE) / 2, len(n) - 2)) * std_error
    r_squared = 1 - residual / s_yy if s_yy > 0 else math.nan
    return Fit(exponent, std_error, exponent - reach, exponent + reach, r_squared)


@dataclass(frozen=True)
class Axis:
    """Instances of a family that differ in one size alone."""

    family: str
    dimension: str
    """``models``, ``users``, ``slots`` or ``frames``."""
    base: Sizes
    """The sizes that stay the same; that of ``dimension`` is the smallest."""
    cells: pd.DataFrame
    """Those of the instances, with ``size``, ``ending`` (one of the three above, not those that were not tried: NA)
    and ``seconds``: the solve time, or the time limit where the cell was stopped or failed."""

    @property
    def sizes(self) -> list[int]:
        """In ascending order."""
        return sorted(int(size) for size in self.cells["size"].unique())

    @property
    def fixed_sizes(self) -> str:
        """The sizes that stay the same, such as ``N = 10, K = 10, T = 1``."""
        others = [field for field in Sizes._fields if field != self.dimension]
        return ", ".join(f"{SYMBOLS[field]} = {getattr(self.base, field)}" for field in others)


def axes_of(study: Study) -> list[Axis]:
    """Every family and dimension with at least ``LEAST_SIZES`` sizes, the others equal.

    Of several with the same family and dimension, the one with the most sizes, then the one whose others are smallest.
    """
    cells = _observed(study.cells)
    found = []
    for family, of_family in cells.groupby("base_family", sort=False):
        for dimension in Sizes._fields:
            others = [field for field in Sizes._fields if field != dimension]
            lines = [(line, group) for line, group in of_family.groupby(others, sort=True)]
            _, widest = max(lines, key=lambda item: item[1][dimension].nunique())
            if widest[dimension].nunique() >= LEAST_SIZES:
                base = Sizes(*(int(widest[field].min()) for field in Sizes._fields))
                found.append(Axis(str(family), dimension, base, widest.assign(size=widest[dimension])))
    return found


def _observed(cells: pd.DataFrame) -> pd.DataFrame:
    ended = cells["status"].isin((*COMPLETE, "bound-only")) & (cells["time_s"] > 0)
    limit = cells["time_limit_s"]
    used_up = cells["status"].isin(LIMITED) | (ended & (cells["time_s"] >= AT_LIMIT * limit))
    ending = pd.Series(FAILED, cells.index, dtype=object)
    ending = ending.mask(ended, COMPLETED).mask(used_up, CENSORED).mask(cells["status"].isin(NOT_TRIED))
    return cells.assign(
        base_family=cells["family"].map({family: _without_sizes(family) for family in cells["family"].unique()}),
        ending=ending,
        seconds=cells["time_s"].where(ending == COMPLETED, limit.fillna(cells["time_s"])),
    )


def _without_sizes(family: str) -> str:
    """The family in its own sizes; with changes it is a family apart, which no sizes lead to."""
    unchanged, changes = split_changes(family)
    return join_changes(split(unchanged)[0], changes)


def medians(axis: Axis, label: str) -> pd.DataFrame:
    """The solver's median time at every size where it was tried.

    Columns: size; seconds, in which a cell that was stopped or failed counts with its time limit; stopped, how
    many such cells there are; censored, whether they are half or more: the median is then at least the longest
    of these times, which stands in its place.
    """
    tried = axis.cells[(axis.cells["label"] == label) & axis.cells["ending"].notna()]
    stopped = tried["ending"] != COMPLETED
    by_size = tried.assign(stopped=stopped).groupby("size", sort=True)
    table = pd.DataFrame(
        {"seconds": by_size["seconds"].median(), "stopped": by_size["stopped"].sum(), "cells": by_size.size()}
    )
    table["censored"] = 2 * table["stopped"] >= table["cells"]
    limits = tried[stopped].groupby("size")["seconds"].max().reindex(table.index)
    table["seconds"] = table["seconds"].mask(table["censored"], limits)
    return table.reset_index()


def fits(axis: Axis) -> pd.DataFrame:
    """One row a solver, the slowest growth first: the law that its completed cells follow, and what they are.

    Columns: family, dimension, label, exponent, std_error, low, high, r_squared, last_exponent (between the
    medians of the two largest sizes that were completed in every cell), sizes, completed, censored, failed,
    not_tried, reason (why there is no exponent).
    """
    rows = [_fitted(axis, str(label), group) for label, group in axis.cells.groupby("label", sort=True)]
    return pd.DataFrame(rows).sort_values(["exponent", "label"], kind="stable", ignore_index=True)


def _fitted(axis: Axis, label: str, cells: pd.DataFrame) -> dict[str, object]:
    completed = cells[cells["ending"] == COMPLETED]
    sizes = int(completed["size"].nunique())
    fit = Fit(*(math.nan,) * 5)
    reason = ""
    if sizes >= LEAST_SIZES:
        fit = power_law(completed["size"].tolist(), completed["seconds"].tolist())
    else:
        reason = f"completed at {sizes} of {len(axis.sizes)} sizes; needs {LEAST_SIZES}"
    counts = cells["ending"].value_counts()
    return {
        "family": axis.family,
        "dimension": axis.dimension,
        "label": label,
        **asdict(fit),
        "last_exponent": _last_exponent(medians(axis, label)),
        "sizes": sizes,
        "completed": len(completed),
        "censored": int(counts.get(CENSORED, 0)),
        "failed": int(counts.get(FAILED, 0)),
        "not_tried": int(cells["ending"].isna().sum()),
        "reason": reason,
    }


def _last_exponent(points: pd.DataFrame) -> float:
    whole = points[points["stopped"] == 0].tail(2)
    if len(whole) < 2:
        return math.nan
    size, seconds = np.log(whole["size"].to_numpy(dtype=float)), np.log(whole["seconds"].to_numpy())
    return float((seconds[1] - seconds[0]) / (size[1] - size[0]))
