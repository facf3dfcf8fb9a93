"""Values of a solver by training seed and instance, and how two solvers differ on the instances of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from problems.tolerances import OPTIMALITY_TOLERANCE
from reports.statistics.two_way_bootstrap import Estimate, estimate

TIE = 100 * OPTIMALITY_TOLERANCE
"""Percentage points within which values are equal."""


@dataclass(frozen=True, eq=False)
class Block:
    """The values of a solver in one scenario, on the instances on which every one of the seeds has an answer."""

    values: np.ndarray
    """(I, J): of each seed on each instance."""
    seeds: np.ndarray
    """(I,), ascending."""
    instances: np.ndarray
    """(J,) hashes, ascending."""


Scenario = tuple[str, str]
"""A family, in whatever sizes, and a scenario seed."""
Blocks = dict[Scenario, Block]


def blocks_by(cells: pd.DataFrame, key: str, column: str) -> dict[Any, Blocks]:
    """The ``column`` of the cells of each value of the ``key``, such as a label, in ascending order.

    Without scenarios in which no instance has an answer of every seed.
    """
    names = [key, "family", "scenario_seed"]
    group = cells.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
    (seed, seeds), (instance, instances) = (_numbered(cells[name]) for name in ("seed", "instance_sha256"))
    shape = (group.max(initial=-1) + 1, len(seeds), len(instances))
    values = cells[column].where(cells["solved"])
    means = values.groupby(np.ravel_multi_index((group, seed, instance), shape)).mean()
    group, seed, instance = np.unravel_index(means.index.to_numpy(), shape)
    ends = np.searchsorted(group, np.arange(shape[0] + 1))
    found: dict[Any, Blocks] = {value: {} for value in sorted(cells[key].unique())}
    first = cells[names].drop_duplicates()
    named = (first[name].tolist() for name in names)
    for value, family, scenario, own in zip(*named, map(slice, ends[:-1], ends[1:]), strict=True):
        rows, columns, grid = _whole(seed[own], instance[own], means.to_numpy()[own])
        if grid.size:
            found[value][str(family), str(scenario)] = Block(grid, seeds[rows], instances[columns])
    return found


def _numbered(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The place of each of the values among the different ones, which ascend."""
    places, different = values.factorize(sort=True)
    return places, np.asarray(different, dtype=object)


def _whole(row: np.ndarray, column: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The values as a grid, each at its row and column, without columns that have gaps: rows, columns and grid."""
    (rows, row), (columns, column) = (np.unique(places, return_inverse=True) for places in (row, column))
    grid = np.full((len(rows), len(columns)), np.nan)
    grid[row, column] = values
    kept = ~np.isnan(grid).any(axis=0)
    return rows, columns[kept], grid[:, kept]


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


def _paired(one: Block, other: Block) -> np.ndarray:
    left, right = one.values, other.values
    if not np.array_equal(one.instances, other.instances):
        ours, theirs = _common(one.instances, other.instances)
        left, right = left[:, ours], right[:, theirs]
    if len(left) > 1 and len(right) > 1 and not np.array_equal(one.seeds, other.seeds):
        ours, theirs = _common(one.seeds, other.seeds)
        left, right = left[ours], right[theirs]
    gaps: np.ndarray = left - right
    return gaps


def _common(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where what is in both stands in either."""
    _, ours, theirs = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    return ours, theirs
