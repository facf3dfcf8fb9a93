"""How many instances every solver answers within a gap, and how fast, from the anytime curves of a study."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from problems.tolerances import OPTIMALITY_TOLERANCE
from reports.statistics.time_profiles import performance_ratios, times_by_size, times_to
from reports.study.instance_grid import instance_grid
from reports.study.study import Study
from reports.writing.numbers import PERCENT

TARGETS = (0.05, 0.01, OPTIMALITY_TOLERANCE)
"""Gaps, as fractions; the last is the optimum itself."""
LEAST_INSTANCES = 5
LEAST_S = 1e-6
"""Of a time, so that it has a logarithm."""


@dataclass(frozen=True, eq=False)
class Profile:
    """The solvers that were tried on every instance of a study, and their times to one gap."""

    target: float
    """The gap, a fraction."""
    certified: int
    """Instances with a certified optimum; on the others the gap is to the best known cost."""
    labels: list[str]
    times_s: np.ndarray
    """(P, S): the mean over repetitions of the time to the gap, > 0; infinite where one did not reach it."""
    ratios: np.ndarray
    """(P, S): over the least time on the instance."""
    times_by_request_s: np.ndarray
    """(P, S): by active request of the instance."""

    @property
    def instances(self) -> int:
        """How many there are."""
        return len(self.times_s)


def profiles_of(study: Study) -> list[Profile]:
    """One profile a target; none with too few instances, or where fewer than two solvers were tried on all."""
    profiles = [_profile(study, target) for target in TARGETS]
    return [p for p in profiles if p.instances >= LEAST_INSTANCES and len(p.labels) > 1]


def times_within(study: Study, gap: float, ends_s: pd.Series) -> pd.Series:
    """Seconds until each cell of the instances with a best known cost had an answer within the gap of it.

    Infinite where it ended, at ``ends_s``, without.
    """
    best = study.cells["instance_sha256"].map({sha: ref.best_cost for sha, ref in study.references.items()})
    targets = best.astype(float).to_numpy() * (1 + gap)
    costs = study.cells["cost"].where(study.cells["solved"]).to_numpy()
    times = times_to(targets, study.courses, costs, ends_s.to_numpy())
    return pd.Series(times, study.cells.index)[best.notna()]


def within(target: float) -> str:
    """A gap in words."""
    return "at the optimum" if target <= OPTIMALITY_TOLERANCE else f"within {100 * target:g}{PERCENT}"


def _profile(study: Study, target: float) -> Profile:
    times = times_within(study, target, study.cells["solve_s"].fillna(study.cells["wall_s"]))
    cells = study.cells.loc[times.index]
    grid = instance_grid(cells, times)
    times_s = np.maximum(grid.to_numpy(), LEAST_S)
    requests = cells.groupby("instance_sha256")["active_requests"].max().reindex(grid.index).to_numpy(dtype=float)
    return Profile(
        target=target,
        certified=sum(study.references[str(sha)].certified for sha in grid.index),
        labels=[str(label) for label in grid.columns],
        times_s=times_s,
        ratios=performance_ratios(times_s) if times_s.size else times_s,
        times_by_request_s=times_by_size(times_s, requests),
    )
