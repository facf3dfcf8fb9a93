"""Who is ahead of whom over the instances of a scope, and whether that is more than luck."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from problems.tolerances import OPTIMALITY_TOLERANCE
from reports.statistics.average_ranks import critical_difference, friedman_p, ranks_of
from reports.statistics.paired_tests import SIGNIFICANCE, holm, least_detectable, signed_rank_p
from reports.study.instance_grid import instance_grid
from reports.study.study import Study

MOST = 40
"""So many solvers take part, those of the least average rank; each further pair makes every test stricter."""
LEAST_INSTANCES = 5
"""Fewer tell nothing."""


@dataclass(frozen=True)
class Pair:
    """Two solvers on the instances of a scope; ``first`` has the smaller average rank."""

    first: str
    second: str
    wins: int
    """Instances on which the first is better by more than a tie."""
    ties: int
    losses: int
    lead: float
    """Mean of the second's gap less the first's, in percentage points; infinite or NaN where one lacks an answer."""
    p: float
    """Of the signed ranks, adjusted for all pairs of the scope."""
    detectable: float
    """The smallest true lead that so many instances show, in points; NaN where one lacks an answer."""

    @property
    def differs(self) -> bool:
        """Whether they differ by more than luck."""
        return self.p <= SIGNIFICANCE


@dataclass(frozen=True)
class Ranking:
    """The solvers that tried every instance of a scope."""

    scope: str
    instances: int
    labels: list[str]
    """By average rank."""
    ranks: list[float]
    """The average rank of each."""
    friedman_p: float
    critical_difference: float
    """Nemenyi's, of two average ranks."""
    pairs: list[Pair]
    left_out: list[str]
    """Labels that did not try every instance, or are not among the first ``MOST``."""

    @property
    def groups(self) -> list[tuple[int, int]]:
        """First and last place of each longest run of at least two solvers of which no two are told apart."""
        different = {(pair.first, pair.second) for pair in self.pairs if pair.differs}
        found: list[tuple[int, int]] = []
        for first in range(len(self.labels)):
            last = first
            while last + 1 < len(self.labels) and not any(
                (self.labels[place], self.labels[last + 1]) in different for place in range(first, last + 1)
            ):
                last += 1
            if last > first and (not found or last > found[-1][1]):
                found.append((first, last))
        return found

    @property
    def decisive(self) -> bool:
        """Whether there are instances enough that any pair could be told apart, were all instances of one mind."""
        return 2.0 ** (1 - self.instances) * len(self.pairs) <= SIGNIFICANCE


def rankings_of(study: Study) -> list[Ranking]:
    """All instances, where there are several families, then each family; those with enough instances and solvers."""
    return [ranked for name, cells in study.scopes.items() if (ranked := _ranking(name, cells)) is not None]


def _ranking(scope: str, cells: pd.DataFrame) -> Ranking | None:
    everywhere = instance_grid(cells, cells["gap_low"].where(cells["solved"], np.inf))
    instances, solvers = everywhere.shape
    if instances < LEAST_INSTANCES or solvers < 2:
        return None
    ranks = ranks_of(everywhere.to_numpy(), OPTIMALITY_TOLERANCE)
    first = np.argsort(ranks.mean(axis=0), kind="stable")[:MOST]
    ranks = ranks_of(everywhere.iloc[:, first].to_numpy(), OPTIMALITY_TOLERANCE)
    order = np.argsort(ranks.mean(axis=0), kind="stable")
    kept, ranks = everywhere.iloc[:, first[order]], ranks[:, order]
    labels = [str(label) for label in kept.columns]
    return Ranking(
        scope=scope,
        instances=instances,
        labels=labels,
        ranks=ranks.mean(axis=0).tolist(),
        friedman_p=friedman_p(ranks),
        critical_difference=critical_difference(instances, len(labels)),
        pairs=_pairs(labels, kept.to_numpy()),
        left_out=sorted(set(map(str, cells["label"])) - set(labels)),
    )


def _pairs(labels: list[str], losses: np.ndarray) -> list[Pair]:
    """Every pair of the losses (P, S)."""
    places = list(combinations(range(len(labels)), 2))
    with np.errstate(invalid="ignore"):
        leads = [np.where(losses[:, a] == losses[:, b], 0.0, losses[:, b] - losses[:, a]) for a, b in places]
    p_values = holm([signed_rank_p(lead, OPTIMALITY_TOLERANCE) for lead in leads])
    found = []
    for (a, b), lead, p in zip(places, leads, p_values, strict=True):
        wins, losing = int((lead > OPTIMALITY_TOLERANCE).sum()), int((lead < -OPTIMALITY_TOLERANCE).sum())
        with np.errstate(invalid="ignore"):
            mean = 100 * float(lead.mean())
        detectable = 100 * least_detectable(lead, len(places))
        found.append(Pair(labels[a], labels[b], wins, len(lead) - wins - losing, losing, mean, p, detectable))
    return found
