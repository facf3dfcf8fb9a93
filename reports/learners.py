"""What learners lose against the best online policy on the same instances, and who is ahead of whom.

Whether a solver learns stands in the log of its cells: an agent that was trained says there what its training
cost, in the cell that trained it and in every other that used it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from problems.judge import OPTIMALITY_TOLERANCE
from reports.frame import COMPLETE, Study, present
from reports.two_way_bootstrap import Estimate, estimate

REFERENCE = "online-optimal"
"""The solver that everything is measured against, with the exact allocation."""
_REFERENCES = (REFERENCE, f"{REFERENCE}+exact")
_AGENT = re.compile(
    r"\bagent (?P<agent>[0-9a-f]{12})\b.*\btrained in (?P<cpu_s>\d+(\.\d+)?) CPU seconds(?P<rest>.*)$", re.MULTILINE
)
_CUT_SHORT = "cut short"
_TIE = 100 * OPTIMALITY_TOLERANCE
"""Percentage points within which costs are equal."""

Scenario = tuple[str, str]
"""A family, in whatever sizes, and a scenario seed."""


@dataclass(frozen=True)
class Training:
    """One agent, as a log tells of it."""

    agent: str
    """The beginning of its hash."""
    cpu_s: float
    cut_short: bool
    """Whether a time limit ended its training, if the log is that of the cell that trained it."""


def trainings_in(log: str) -> list[Training]:
    """Every agent that the log of a cell names."""
    return [Training(m["agent"], float(m["cpu_s"]), _CUT_SHORT in m["rest"]) for m in _AGENT.finditer(log)]


@dataclass(frozen=True)
class Contestant:
    """A solver's excess costs over the reference on one family, in per cent."""

    label: str
    blocks: dict[Scenario, pd.DataFrame]
    """By scenario: a row a seed, a column an instance, on which every one of the seeds has an answer."""
    left_out: int
    """Instances of the family, with a reference, on which it lacks an answer."""
    training_cpu_s: float
    """Of all agents for a scenario and a seed, the mean over these; NaN for a solver that does not learn."""
    cut_short: int
    """Agents whose training a time limit ended."""

    @property
    def learns(self) -> bool:
        """Whether it was trained."""
        return not np.isnan(self.training_cpu_s)

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


def contests_of(study: Study) -> list[Contest]:
    """Every family with a learner among its solvers; without contestants where the reference is missing."""
    cells = study.cells.assign(trainings=study.cells["stderr_tail"].map(lambda log: trainings_in(present(log))))
    cut_short = {training.agent for logs in cells["trainings"] for training in logs if training.cut_short}
    found = []
    for family in study.families:
        of_family = cells[cells["scope"] == family]
        if of_family["trainings"].map(bool).any():
            found.append(_contest(family, of_family, cut_short))
    return found


def _contest(family: str, cells: pd.DataFrame, cut_short: set[str]) -> Contest:
    referred = cells[cells["solver"].isin(_REFERENCES) & cells["status"].isin(COMPLETE) & cells["solved"]]
    references = referred.groupby("instance_sha256")["cost"].mean()
    known = cells[cells["instance_sha256"].isin(references.index)]
    against = known["instance_sha256"].map(references).astype(float)  # of no rows the map would be one of texts
    known = known.assign(excess=100 * (known["cost"] / against - 1))
    contestants = []
    for label, group in known[~known["solver"].isin(_REFERENCES)].groupby("label", sort=True):
        blocks = dict(_blocks(group))
        if blocks:
            answered = sum(block.shape[1] for block in blocks.values())
            agents = {training.agent for logs in group["trainings"] for training in logs}
            cost = _training_cpu_s(group)
            left_out = len(references) - answered
            contestants.append(Contestant(str(label), blocks, left_out, cost, len(agents & cut_short)))
    contestants.sort(key=lambda contestant: (contestant.left_out > 0, contestant.excess.mean, contestant.label))
    return Contest(family, contestants, len(references))


def _blocks(cells: pd.DataFrame) -> Iterable[tuple[Scenario, pd.DataFrame]]:
    for scenario, group in cells.groupby(["family", "scenario_seed"], sort=False, dropna=False):
        solved = group.assign(excess=group["excess"].where(group["solved"]))
        block = solved.groupby(["seed", "instance_sha256"])["excess"].mean().unstack().dropna(axis="columns")
        if block.size:
            yield (str(scenario[0]), str(scenario[1])), block


def _training_cpu_s(cells: pd.DataFrame) -> float:
    """Of all agents of a scenario and a seed, each counted once; the mean over those that say so."""
    costs = []
    for _, logs in cells.groupby(["family", "scenario_seed", "seed"], dropna=False)["trainings"]:
        agents = {training.agent: training.cpu_s for several in logs for training in several}
        costs += [sum(agents.values())] if agents else []
    return float(np.mean(costs)) if costs else float("nan")
