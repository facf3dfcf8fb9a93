"""How far agents lie above the optimum in the course of their training."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from problems.tolerances import OPTIMALITY_TOLERANCE
from reports.chapters.convergence.measure import Convergence, FamilyConvergence
from reports.drawing.compact import compact, compacted
from reports.drawing.plot import AxisOf, Plot, Series
from reports.study.study import Study

_CAPTION = (
    "Mean cost above the optimum in hindsight on validation traces that no solver is judged on, with an agent's own"
    " caches and allocations: the median over agents, against the CPU time of the training. A line bears the name of"
    " a solver that uses its agents. Hollow: a limit cut a training short. 0 is the optimum. Level lines are mean gaps"
    " on the judged instances: of a solver that proved every optimum, and of the best online policy unless that is"
    " optimal too. The chapter Convergence has the quartiles and the allocations alone."
)


def plots(study: Study, families: Sequence[FamilyConvergence]) -> list[Plot]:
    """One plot, a panel a family; none where nothing was trained."""
    if study.cells["agent_sha256"].isna().all():
        return []
    panels: dict[str, list[Series]] = {}
    unnamed: list[str] = []
    for family in families:
        named = _named(family.learners)
        panels[family.family] = _panel(family, named, study.cells[study.cells["scope"] == family.family])
        unnamed += [f"{family.family}, {each.learner}" for each in family.learners if each not in named.values()]
    return [
        Plot(
            "learning-curves",
            "Learning curves",
            f"{_CAPTION} Without a solver of its own, and there alone: {'; '.join(unnamed)}." if unnamed else _CAPTION,
            "lines",
            AxisOf("training, CPU s"),
            AxisOf("excess over the optimum, %", "gap"),
            panels,
            "No learning curve here: there is one for each family in which an agent was measured during its training.",
        )
    ]


def _named(learners: Sequence[Convergence]) -> dict[str, Convergence]:
    """By the label of the solver that stands for it, the first of each."""
    return {each.label: each for each in reversed(learners) if each.label is not None}


def _panel(family: FamilyConvergence, named: dict[str, Convergence], cells: pd.DataFrame) -> list[Series]:
    curves = [_curve(label, learner) for label, learner in named.items()]
    times = [seconds for curve in curves for seconds in curve["x"]]
    ends = [min(times), max(times)] if times else []
    levels = [
        {"solver": label, "x": ends, "y": [compact(excess, 4)] * 2, "complete": True}
        for label, excess in _levels(family, cells).items()
        if ends
    ]
    return sorted([*levels, *curves], key=lambda series: (series["y"][-1], series["solver"]))


def _curve(label: str, learner: Convergence) -> Series:
    points = learner.points
    return {
        "solver": label,
        "x": compacted(points["training_cpu_s"], 4),
        "y": compacted(points["excess"].clip(lower=0.0), 4),
        "complete": learner.cut_short == 0,
    }


def _levels(family: FamilyConvergence, cells: pd.DataFrame) -> dict[str, float]:
    """By label the mean gap, in per cent: of a solver that proved every optimum; of the best online policy above it."""
    proofs = cells[cells["certified_here"]].groupby("label")["instance_sha256"].nunique()
    optimal = proofs.index[proofs == cells["instance_sha256"].nunique()]
    levels = {str(label): 0.0 for label in optimal[:1]}
    if family.online_label is not None and family.online_excess > 100 * OPTIMALITY_TOLERANCE:
        levels[family.online_label] = family.online_excess
    return levels
