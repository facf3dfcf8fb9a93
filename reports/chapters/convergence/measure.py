"""How fast learners learn: the learning curves of a study's agents, those of one learner on one family together."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from scipy.stats import t as student

from benchmarks.process.outcome import COMPLETE
from reports.study.cells import BEST_ONLINE_SOLVERS
from reports.study.study import Study
from solvers.learning_curve import LearningCurve

CONFIDENCE = 0.95
NEAR_PERCENT = 1.0
"""A cost so little above another one is near it."""
LAST_SHARE = 0.25
"""Of a training, at its end, over which its change is measured."""


@dataclass(frozen=True)
class Change:
    """The mean change over agents, in percentage points, and the interval of the true one; NaN with one agent."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Convergence:
    """The trainings of one learner, all of the same length, on the scenarios of one family."""

    learner: str
    curves: list[LearningCurve]
    """One an agent."""
    label: str | None
    """Of the solver that stands for it: the learner itself, else the first that decides by one of its agents alone."""
    points: pd.DataFrame
    """A row a number of environment steps, over the agents that came so far.

    Columns: ``environment_steps``, ``agents``, ``training_cpu_s`` (median), and of ``excess`` and ``allocation``,
    in per cent, the median and the quartiles ``_low`` and ``_high``.
    """
    late_change: Change | None
    """Of the excess over the last quarter of the trainings that came to their end; None where there is none."""

    @classmethod
    def of(cls, learner: str, curves: list[LearningCurve], label: str | None = None) -> Self:
        """What these curves come to."""
        return cls(learner, curves, label, _points(curves), _late_change(curves))

    @property
    def cut_short(self) -> int:
        """Trainings that a limit ended before their planned end."""
        return sum(curve.points[-1].environment_steps < curve.planned_steps for curve in self.curves)

    @property
    def validation_share(self) -> float:
        """What the measurements cost, as a share of the CPU time of the trainings up to their last point."""
        trained_s = sum(curve.points[-1].cpu_s for curve in self.curves)
        return sum(curve.validation_cpu_s for curve in self.curves) / max(trained_s, 1e-9)

    def near(self, excess: float) -> float | None:
        """CPU seconds of the first point from which the median cost stays within 1 % of that with this excess."""
        points = self.points
        far = (100 + points["excess"]) > (100 + excess) * (1 + NEAR_PERCENT / 100)
        place = 0 if not far.any() else int(np.flatnonzero(far)[-1]) + 1
        return float(points["training_cpu_s"].iloc[place]) if place < len(points) else None


@dataclass(frozen=True)
class FamilyConvergence:
    """The learners of one family."""

    family: str
    learners: list[Convergence]
    online_label: str | None
    """Of the best online policy; None where it has no complete answer."""
    online_excess: float
    """Its mean excess over the best known cost on the judged instances, in per cent, or NaN."""
    unmeasured: list[str]
    """Labels of solvers with agents of which none has a curve."""


def convergences_of(study: Study) -> list[FamilyConvergence]:
    """Every family for which an agent has a learning curve, an agent counted once whatever solvers use it."""
    trained = study.cells.dropna(subset=["agent_sha256"])
    found = [(family, _agents(trained[trained["scope"] == family])) for family in study.families]
    lengths: dict[str, set[int]] = {}
    for _, agents in found:
        for curve in agents.values():
            lengths.setdefault(curve.learner, set()).add(curve.planned_steps)
    several = {learner for learner, steps in lengths.items() if len(steps) > 1}
    return [_family(study, family, agents, several) for family, agents in found if agents]


def _family(study: Study, family: str, agents: dict[str, LearningCurve], several: set[str]) -> FamilyConvergence:
    groups: dict[str, dict[str, LearningCurve]] = {}
    for agent, curve in agents.items():
        length = f", {curve.planned_steps:,} steps" if curve.learner in several else ""
        groups.setdefault(curve.learner + length, {})[agent] = curve
    cells = study.cells[study.cells["scope"] == family]
    online = cells[cells["solver"].isin(BEST_ONLINE_SOLVERS) & cells["status"].isin(COMPLETE)]
    trained = cells.dropna(subset=["agent_sha256"])
    measured = trained.groupby("label")["learning_curves"].count()
    learners = [
        Convergence.of(learner, list(groups[learner].values()), _label(trained, groups[learner]))
        for learner in sorted(groups)
    ]
    return FamilyConvergence(
        family,
        learners,
        None if online.empty else str(online["label"].min()),
        100 * float(online["gap_low"].mean()),
        list(measured.index[measured == 0]),
    )


def _label(cells: pd.DataFrame, agents: Mapping[str, LearningCurve]) -> str | None:
    learners = {curve.learner.partition(",")[0] for curve in agents.values()}
    known = cells[["label", "solver", "agent_sha256"]].drop_duplicates()
    standing = [
        (solver not in learners, str(label))
        for label, solver, used in known.itertuples(index=False)
        if used in agents or (solver in learners and not agents.keys().isdisjoint(used.split("+")))
    ]
    return min(standing)[1] if standing else None


def _agents(cells: pd.DataFrame) -> dict[str, LearningCurve]:
    """The curve of every agent that has one, by the agent's hash."""
    known = cells.dropna(subset=["learning_curves"])
    curves: dict[str, LearningCurve] = {}
    for agents, documents in zip(known["agent_sha256"], known["learning_curves"], strict=True):
        for agent, document in zip(str(agents).split("+"), json.loads(documents), strict=True):
            if document is not None and document["points"]:
                curves.setdefault(agent, LearningCurve.of(document))
    return curves


def _points(curves: Sequence[LearningCurve]) -> pd.DataFrame:
    steps = sorted({point.environment_steps for curve in curves for point in curve.points})
    return pd.DataFrame([_point(curves, each) for each in steps])


def _point(curves: Sequence[LearningCurve], steps: int) -> dict[str, float]:
    here = [point for curve in curves for point in curve.points if point.environment_steps == steps]
    row = {
        "environment_steps": steps,
        "agents": len(here),
        "training_cpu_s": float(np.median([point.cpu_s for point in here])),
    }
    measured = {"excess": [p.excess_pct for p in here], "allocation": [p.allocation_pct for p in here]}
    for name, values in measured.items():
        low, middle, high = map(float, np.quantile(values, (0.25, 0.5, 0.75)))
        row |= {name: middle, f"{name}_low": low, f"{name}_high": high}
    return row


def _late_change(curves: Sequence[LearningCurve]) -> Change | None:
    changes = []
    for curve in curves:
        last = curve.points[-1]
        before = [p for p in curve.points if p.environment_steps <= (1 - LAST_SHARE) * curve.planned_steps]
        if last.environment_steps >= curve.planned_steps and before:
            changes.append(last.excess_pct - before[-1].excess_pct)
    return _mean_change(np.array(changes)) if changes else None


def _mean_change(changes: np.ndarray) -> Change:
    """Student's interval."""
    mean = float(changes.mean())
    if len(changes) < 2:
        return Change(mean, math.nan, math.nan)
    reach = (
        float(student.ppf((1 + CONFIDENCE) / 2, len(changes) - 1)) * float(changes.std(ddof=1)) / len(changes) ** 0.5
    )
    return Change(mean, mean - reach, mean + reach)
