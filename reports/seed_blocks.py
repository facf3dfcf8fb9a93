"""Values of a solver by training seed and instance, and how two solvers differ on the instances of both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from problems.judge import OPTIMALITY_TOLERANCE
from reports.two_way_bootstrap import Estimate, estimate

Scenario = tuple[str, str]
"""A family, in whatever sizes, and a scenario seed."""
Blocks = dict[Scenario, pd.DataFrame]
"""By scenario: a row a seed, a column an instance, on which every one of the seeds has an answer."""
TIE = 100 * OPTIMALITY_TOLERANCE
"""Percentage points within which values are equal."""


def blocks_of(cells: pd.DataFrame, column: str) -> Blocks:
    """The ``column`` of a solver's cells; without scenarios in which no instance has an answer of every seed."""
    found = {}
    for scenario, group in cells.groupby(["family", "scenario_seed"], sort=False, dropna=False):
        values = group[column].where(group["solved"])
        block = values.groupby([group["seed"], group["instance_sha256"]]).mean().unstack().dropna(axis="columns")
        if block.size:
            found[str(scenario[0]), str(scenario[1])] = block
    return found


def difference(first: Blocks, second: Blocks) -> Estimate | None:
    """The first's values less the second's on the instances of both; None without one.

    Paired by instance and, where both have several seeds, by the seeds that both have; a single seed of one of them
    stands beside every seed of the other.
    """
    shared = [(block, second[scenario]) for scenario, block in first.items() if scenario in second]
    gaps = [_paired(one, other) for one, other in shared]
    gaps = [gap for gap in gaps if gap.size]
    return estimate(gaps) if gaps else None


def side(found: Estimate) -> int:
    """1 or -1 where the interval of a difference in percentage points lies above or below 0; 0 elsewhere."""
    return 1 if found.low > TIE else -1 if found.high < -TIE else 0


def _paired(one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    both = one.columns.intersection(other.columns, sort=False)
    one, other = one[both], other[both]
    if len(one) > 1 and len(other) > 1:
        seeds = one.index.intersection(other.index)
        one, other = one.loc[seeds], other.loc[seeds]
    gaps: np.ndarray = one.to_numpy() - other.to_numpy()
    return gaps
