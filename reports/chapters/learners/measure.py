"""What learners lose against the best online policy on the same instances, and who is ahead of whom."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from benchmarks.process.outcome import COMPLETE
from reports.statistics.two_way_bootstrap import Estimate, estimate
from reports.study import seed_blocks
from reports.study.cells import BEST_ONLINE_SOLVERS
from reports.study.seed_blocks import Blocks, blocks_by
from reports.study.study import Study


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
    blocks: Blocks
    excess: Estimate
    """The mean, in per cent."""
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
        return min(len(block.seeds) for block in self.blocks.values())

    @property
    def instances(self) -> int:
        """On which it is measured."""
        return sum(len(block.instances) for block in self.blocks.values())


def difference(first: Contestant, second: Contestant) -> Estimate | None:
    """The first's excess less the second's, in percentage points, on the instances of both; None without one."""
    return seed_blocks.difference(first.blocks, second.blocks)


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
    referred = cells[cells["solver"].isin(BEST_ONLINE_SOLVERS) & cells["status"].isin(COMPLETE) & cells["solved"]]
    references = referred.groupby("instance_sha256")["cost"].mean()
    known = cells[cells["instance_sha256"].isin(references.index)]
    against = known["instance_sha256"].map(references).astype(float)  # of no rows the map would be one of texts
    known = known.assign(excess=100 * (known["cost"] / against - 1))
    others = known[~known["solver"].isin(BEST_ONLINE_SOLVERS)]
    blocks_of = blocks_by(others, "label", "excess")
    contestants = [
        _contestant(str(label), blocks_of[label], group, len(references))
        for label, group in others.groupby("label", sort=True)
        if blocks_of[label]
    ]
    contestants.sort(key=lambda contestant: (contestant.left_out > 0, contestant.excess.mean, contestant.label))
    return Contest(family, contestants, len(references), float(referred["pure_s"].median()))


def _contestant(label: str, blocks: Blocks, cells: pd.DataFrame, references: int) -> Contestant:
    """A solver with its cells on instances with a reference, of which there are so many."""
    solved = cells[cells["solved"]]
    return Contestant(
        label=label,
        blocks=blocks,
        excess=estimate([block.values for block in blocks.values()]),
        left_out=references - sum(len(block.instances) for block in blocks.values()),
        training=_training(cells),
        instance_s=float(solved["pure_s"].median()),
        slot_s=float((solved["pure_s"] / (solved["frames"] * solved["slots"])).median()),
    )


def _training(cells: pd.DataFrame) -> Training | None:
    agents = cells.dropna(subset=["agent_sha256"]).drop_duplicates("agent_sha256")
    if agents.empty:
        return None
    mean = agents[["training_cpu_s", "environment_steps", "updates"]].astype(float).mean()
    cut_short = int(agents["training_whole"].eq(False).sum())
    return Training(len(agents), mean["training_cpu_s"], mean["environment_steps"], mean["updates"], cut_short)
