"""Who leads a tier on a family, by how much, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

from problems.status import Tier
from reports.statistics.two_way_bootstrap import Estimate
from reports.study.seed_blocks import blocks_by, difference, side
from reports.study.study import Study

TIERS = get_args(Tier)
Measure = Literal["gap", "time"]
_EQUAL = 1e-4
"""Percentage points, or logarithms of times, within which two solvers are equal on an instance."""


@dataclass(frozen=True)
class Lead:
    """The first of a tier on a family; only solvers that answered every cell there take part."""

    family: str
    tier: str
    measure: Measure
    """``time`` where several solvers promise and prove every optimum, among those; the ``gap`` elsewhere."""
    leaders: tuple[str, ...]
    """The first, and those that equal it on every instance."""
    low: float
    """Its mean gap, a fraction, to the best known costs; or the geometric mean of its solve times, s."""
    high: float
    """Its mean gap to the best bounds; or that same time."""
    following: str
    """The next solver; empty where there is none."""
    ahead: Estimate
    """By how many gap points the next is worse, or how many times as long it takes; NaN without a next."""
    level: tuple[str, ...]
    """Those that are not told apart from the first, though not equal."""
    solvers: int
    instances: int

    @property
    def sure(self) -> bool:
        """Whether the interval of the lead excludes that there is none."""
        return bool(self.following) and self.following not in self.level

    @property
    def judged(self) -> bool:
        """Whether the lead has an interval."""
        return not math.isnan(self.ahead.low)


def leads_of(study: Study) -> list[Lead]:
    """Every tier and family with at least two solvers to compare, by tier, then in the order of the families."""
    return [lead for tier in TIERS for family in study.families for lead in _lead(study, tier, family)]


def _lead(study: Study, tier: str, family: str) -> Iterator[Lead]:
    summary = study.summary
    rows = summary[(summary["scope"] == family) & (summary["tier"] == tier) & summary["complete"]]
    provers = rows[rows["exact"] & (rows["proved"] == rows["cells"])]
    cells = study.cells[(study.cells["scope"] == family) & study.cells["solved"]]
    measure: Measure = "time" if len(provers) > 1 else "gap"
    if measure == "time":
        rows, cells = provers, cells[cells["time_s"] > 0]
        cells = cells.assign(loss=np.log(cells["time_s"]))
    else:
        cells = cells.assign(loss=100 * cells["gap_low"])
    cells = cells[cells["label"].isin(rows["label"])]
    if cells["label"].nunique() > 1:
        yield _first(cells, rows.set_index("label"), family, tier, measure)


def _first(cells: pd.DataFrame, rows: pd.DataFrame, family: str, tier: str, measure: Measure) -> Lead:
    by_instance = cells.groupby(["label", "instance_sha256"])["loss"].mean()
    means = {str(label): float(losses.mean()) for label, losses in by_instance.groupby("label")}
    first, *others = sorted(means, key=lambda label: (means[label], label))
    blocks = blocks_by(cells, "label", "loss")
    found = {label: difference(blocks[label], blocks[first]) for label in others}
    known = {label: ahead for label, ahead in found.items() if ahead is not None}
    equal = [label for label, ahead in known.items() if _equal(ahead)]
    behind = {label: ahead for label, ahead in known.items() if label not in equal}
    following = next(iter(behind), "")
    ahead = behind.get(following, Estimate(math.nan, math.nan, math.nan))
    if measure == "time":
        ahead = Estimate(math.exp(ahead.mean), math.exp(ahead.low), math.exp(ahead.high))
        low = high = math.exp(means[first])
    else:
        low, high = (rows[column].astype(float).to_dict()[first] for column in ("gap_low", "gap_high"))
    level = tuple(label for label, lead in behind.items() if side(lead) == 0)
    instances = int(cells["instance_sha256"].nunique())
    return Lead(*(family, tier, measure, (first, *equal), low, high, following, ahead, level, len(means), instances))


def _equal(ahead: Estimate) -> bool:
    return abs(ahead.mean) <= _EQUAL and not (ahead.low < -_EQUAL or ahead.high > _EQUAL)
