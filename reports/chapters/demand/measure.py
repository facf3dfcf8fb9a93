"""How solvers stand on families that are drawn and on those fitted to measurements, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from problems.families.drawn import FAMILIES
from problems.families.fitted import shipped_families
from reports.statistics.average_ranks import ranks_of
from reports.statistics.two_way_bootstrap import Estimate, estimate
from reports.study.seed_blocks import TIE, Blocks, blocks_by, difference, side
from reports.study.study import Study

HOLDS, TURNS, PARTLY, NEVER = "holds", "turns", "on some only", "nowhere"
"""Two solvers are told apart the same way on every family; in opposite ways on two; one way, on some; on none."""
WHOLE = 100.0
"""Per cent: the certified optimum's gain, which no solver exceeds."""


@dataclass(frozen=True)
class Standing:
    """A solver on one family."""

    rank: float
    """Among the solvers compared, 1 for the most captured gain; equal gains share their mean rank."""
    gain: Estimate
    """Pooled captured gain in per cent."""
    blocks: Blocks
    """Captured gain in per cent, each instance with the weight of what there is to gain on it."""

    @property
    def by_seed(self) -> list[float]:
        """Captured gain in per cent of each training seed that all scenarios have."""
        blocks = list(self.blocks.values())
        everywhere = [seed for seed in blocks[0].seeds if all(seed in block.seeds for block in blocks)]
        values = [block.values[np.isin(block.seeds, everywhere)] for block in blocks]
        found: list[float] = np.concatenate(values, axis=1).mean(axis=1).tolist()
        return found


@dataclass(frozen=True)
class Pair:
    """Two solvers; the first has the smaller mean rank over the families."""

    first: str
    second: str
    leads: tuple[Estimate, ...]
    """By family: captured gain of the first less that of the second, in percentage points."""

    @property
    def sides(self) -> tuple[int, ...]:
        """By family: 1 where the first is told apart ahead, -1 behind, 0 not told apart."""
        return tuple(map(side, self.leads))

    @property
    def verdict(self) -> str:
        """``HOLDS``, ``TURNS``, ``PARTLY`` or ``NEVER``."""
        found = set(self.sides)
        if found == {0}:
            return NEVER
        if {1, -1} <= found:
            return TURNS
        return PARTLY if 0 in found else HOLDS


@dataclass(frozen=True)
class Comparison:
    """The solvers that answered everything on all of some families."""

    families: list[str]
    """Drawn ones first, then those fitted to measurements."""
    instances: list[int]
    """Of each family: those on which a captured gain is known."""
    labels: list[str]
    """By mean rank over the families."""
    standings: dict[str, tuple[Standing, ...]]
    """Of each solver, by family."""
    learners: list[str]
    """Those of the labels that were trained."""
    left_out: list[str]
    """Labels that lack an answer on some instance."""
    contestants: list[str]
    """The labels but the ends of the scale: who gains everything, or nothing, on every family."""
    pairs: list[Pair]
    """Every two contestants."""

    @property
    def fitted(self) -> list[str]:
        """The families that are fitted to measurements."""
        return [family for family in self.families if family in shipped_families()]

    def levels(self, family: str) -> list[list[str]]:
        """The groups of at least two solvers that gain the same on a family."""
        place = self.families.index(family)
        by_rank: dict[float, list[str]] = {}
        for label in self.labels:
            by_rank.setdefault(self.standings[label][place].rank, []).append(label)
        return [labels for labels in by_rank.values() if len(labels) > 1]

    def correlation(self, one: str, other: str) -> float:
        """Kendall's tau-b of the contestants' ranks on two families; NaN where all are equal on one."""
        places = [self.families.index(family) for family in (one, other)]
        ranks = [[self.standings[label][place].rank for label in self.contestants] for place in places]
        return float(kendalltau(*ranks).statistic)


def comparison_of(study: Study) -> Comparison | None:
    """The comparison; None without two contestants that answered everything on a drawn family and on a fitted one.

    Families in other sizes and with changes stay out, as do instances without a certified optimum or an answer of the
    cloud alone, whose captured gain is not known.
    """
    cells = study.cells[study.cells["instance_sha256"].isin(_known(study))]
    families = [family for family in study.families if family in set(cells["scope"])]
    kinds = [[family for family in families if family in kind] for kind in (FAMILIES, shipped_families())]
    families = [family for kind in kinds for family in kind]
    of_family = [cells[cells["scope"] == family] for family in families]
    labels = sorted(set.intersection(*map(_complete, of_family))) if all(kinds) else []
    if not labels:
        return None
    stands = [_standings(each[each["label"].isin(labels)]) for each in of_family]
    labels.sort(key=lambda label: (sum(stand[label].rank for stand in stands), label))
    standings = {label: tuple(stand[label] for stand in stands) for label in labels}
    contestants = [label for label in labels if not any(_all_at(standings[label], end) for end in (0.0, WHOLE))]
    if len(contestants) < 2:
        return None
    tried = pd.concat(of_family)
    trained = set(tried.loc[tried["agent_sha256"].notna(), "label"])
    return Comparison(
        families=families,
        instances=[each["instance_sha256"].nunique() for each in of_family],
        labels=labels,
        standings=standings,
        learners=[label for label in labels if label in trained],
        left_out=sorted(set(map(str, tried["label"])) - set(labels)),
        contestants=contestants,
        pairs=[_pair(one, other, standings) for one, other in combinations(contestants, 2)],
    )


def _all_at(standings: Sequence[Standing], end: float) -> bool:
    """Whether a solver gains this much on every family."""
    return all(abs(stand.gain.mean - end) <= TIE for stand in standings)


def _pair(first: str, second: str, standings: Mapping[str, Sequence[Standing]]) -> Pair:
    both = zip(standings[first], standings[second], strict=True)
    found = [difference(one.blocks, other.blocks) for one, other in both]
    return Pair(first, second, tuple(lead for lead in found if lead is not None))


def _known(study: Study) -> list[str]:
    return [sha for sha, found in study.references.items() if found.certified and found.stake is not None]


def _complete(cells: pd.DataFrame) -> set[str]:
    """The solvers with an answer in each cell, on every instance."""
    by_label = cells.groupby("label")
    whole = by_label["solved"].all() & (by_label["instance_sha256"].nunique() == cells["instance_sha256"].nunique())
    return {str(label) for label in whole.index[whole]}


def _standings(cells: pd.DataFrame) -> dict[str, Standing]:
    """Of the solvers on one family."""
    weighted = pd.concat([_weighted(group) for _, group in cells.groupby("label")])
    blocks = blocks_by(weighted, "label", "gain")
    gains = [np.concatenate([block.values.mean(axis=0) for block in each.values()]).mean() for each in blocks.values()]
    ranks = _ranks(gains)
    return {
        label: Standing(rank, estimate([block.values for block in each.values()]), each)
        for (label, each), rank in zip(blocks.items(), ranks, strict=True)
    }


def _weighted(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells of a solver with ``gain``, per cent, whose mean is the pooled captured gain.

    Its spread is that of the ratio, linearised: W. G. Cochran, Sampling Techniques, 3rd ed., Wiley 1977, section 6.3.
    """
    at_stake = cells.groupby("instance_sha256")[["captured_low", "stake"]].mean()
    pooled = (at_stake["captured_low"] * at_stake["stake"]).sum() / at_stake["stake"].sum()
    weight = cells["stake"] / at_stake["stake"].mean()
    return cells.assign(gain=100 * (pooled + weight * (cells["captured_low"] - pooled)))


def _ranks(gains: Sequence[float]) -> list[float]:
    ranks: list[float] = ranks_of(-np.array([gains]), TIE)[0].tolist()
    return ranks
