"""What learners lose against the best online policy on the same instances, and who is ahead of whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from problems.judge import OPTIMALITY_TOLERANCE
from reports.frame import COMPLETE, Study
from reports.two_way_bootstrap import Estimate, estimate

REFERENCE = "online-optimal"
"""The solver that everything is measured against, with the exact allocation."""
_REFERENCES = (REFERENCE, f"{REFERENCE}+exact")
_TIE = 100 * OPTIMALITY_TOLERANCE
"""Percentage points within which costs are equal."""

Scenario = tuple[str, str]
"""A family, in whatever sizes, and a scenario seed."""


@dataclass(frozen=True)
class Training:
    """What the agents of a solver have cost, on average, each counted once."""

    agents: int
    cpu_s: float
    environment_steps: float
    updates: float
    cut_short: int
    """Agents whose training a time limit ended."""


@dataclass(frozen=True)
class Contestant:
    """A solver's excess costs over the reference on one family, in per cent."""

    label: str
    blocks: dict[Scenario, pd.DataFrame]
    """By scenario: a row a seed, a column an instance, on which every one of the seeds has an answer."""
    left_out: int
    """Instances of the family, with a reference, on which it lacks an answer."""
    training: Training | None
    """None for a solver that does not learn."""
    instance_s: float
    """Median time of a solve without what went into training, s."""
    slot_s: float
    """The same by the slot, s."""

    @property
    def learns(self) -> bool:
        """Whether it was trained."""
        return self.training is not None

    @property
    def seeds(self) -> int:
        """The fewest in any scenario."""
        return min(len(block) for block in self.blocks.values())

    @property
    def instances(self) -> int:
        """On which it is measured."""
        return sum(block.shape[1] for block in self.blocks.values())

    @cached_property
    def excess(self) -> Estimate:
        """Mean excess cost in per cent."""
        return estimate([block.to_numpy() for block in self.blocks.values()])


def difference(first: Contestant, second: Contestant) -> Estimate | None:
    """The first's excess less the second's, in percentage points, on the instances of both; None without one.

    Paired by instance and, where both have several seeds, by the seeds that both have; a single seed of one of them
    stands beside every seed of the other.
    """
    shared = [(block, second.blocks[scenario]) for scenario, block in first.blocks.items() if scenario in second.blocks]
    gaps = [_paired(one, other) for one, other in shared]
    gaps = [gap for gap in gaps if gap.size]
    return estimate(gaps) if gaps else None


def side(found: Estimate) -> int:
    """1 or -1 where the interval of a difference lies above or below 0; 0 where it does not, or there is none."""
    return 1 if found.low > _TIE else -1 if found.high < -_TIE else 0


def _paired(one: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    both = one.columns.intersection(other.columns, sort=False)
    one, other = one[both], other[both]
    if len(one) > 1 and len(other) > 1:
        seeds = one.index.intersection(other.index)
        one, other = one.loc[seeds], other.loc[seeds]
    gaps: np.ndarray = one.to_numpy() - other.to_numpy()
    return gaps


@dataclass(frozen=True)
class Contest:
    """A family on which solvers learn."""

    family: str
    contestants: list[Contestant]
    """All but the reference that have an answer to compare, the best first; those that lack instances last."""
    instances: int
    """With a reference."""
    reference_s: float
    """Median time of the reference's solves, s."""


def contests_of(study: Study) -> list[Contest]:
    """Every family with a learner among its solvers; without contestants where the reference is missing."""
    cells = study.cells.assign(pure_s=study.cells["solve_s"] - study.cells["training_spent_s"].fillna(0.0))
    found = []
    for family in study.families:
        of_family = cells[cells["scope"] == family]
        if of_family["agent_sha256"].notna().any():
            found.append(_contest(family, of_family))
    return found


def _contest(family: str, cells: pd.DataFrame) -> Contest:
    referred = cells[cells["solver"].isin(_REFERENCES) & cells["status"].isin(COMPLETE) & cells["solved"]]
    references = referred.groupby("instance_sha256")["cost"].mean()
    known = cells[cells["instance_sha256"].isin(references.index)]
    against = known["instance_sha256"].map(references).astype(float)  # of no rows the map would be one of texts
    known = known.assign(excess=100 * (known["cost"] / against - 1))
    contestants = []
    for label, group in known[~known["solver"].isin(_REFERENCES)].groupby("label", sort=True):
        blocks = dict(_blocks(group))
        if blocks:
            left_out = len(references) - sum(block.shape[1] for block in blocks.values())
            solved = group[group["solved"]]
            slot_s = (solved["pure_s"] / (solved["frames"] * solved["slots"])).median()
            times = float(solved["pure_s"].median()), float(slot_s)
            contestants.append(Contestant(str(label), blocks, left_out, _training(group), *times))
    contestants.sort(key=lambda contestant: (contestant.left_out > 0, contestant.excess.mean, contestant.label))
    return Contest(family, contestants, len(references), float(referred["pure_s"].median()))


def _blocks(cells: pd.DataFrame) -> Iterable[tuple[Scenario, pd.DataFrame]]:
    for scenario, group in cells.groupby(["family", "scenario_seed"], sort=False, dropna=False):
        solved = group.assign(excess=group["excess"].where(group["solved"]))
        block = solved.groupby(["seed", "instance_sha256"])["excess"].mean().unstack().dropna(axis="columns")
        if block.size:
            yield (str(scenario[0]), str(scenario[1])), block


def _training(cells: pd.DataFrame) -> Training | None:
    agents = cells.dropna(subset=["agent_sha256"]).drop_duplicates("agent_sha256")
    if agents.empty:
        return None
    mean = agents[["training_cpu_s", "environment_steps", "updates"]].astype(float).mean()
    cut_short = int(agents["training_whole"].eq(False).sum())
    return Training(len(agents), mean["training_cpu_s"], mean["environment_steps"], mean["updates"], cut_short)
