"""After how many instances a training has paid for itself, against every solver that needs none."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from reports.chapters.learners.measure import Contest, Contestant, Training, difference
from reports.statistics.two_way_bootstrap import Estimate
from reports.study.cells import BEST_ONLINE
from reports.study.seed_blocks import side
from reports.writing.numbers import MISSING, fixed, significant
from reports.writing.table import Column, Table

NEVER = math.inf
_NAMES = (
    *("family", "label", "agents", "training_cpu_s", "environment_steps", "updates", "slot_s", "instance_s"),
    *("other", "other_s", "instances", "side"),
)
_VERDICTS = {-1: "cheaper", 0: "not told apart", 1: "dearer"}


def break_even(training_s: float, learner_s: float, other_s: float) -> float:
    """The least number of instances on which time saved makes up for the training; infinite where none is saved.

    Times in seconds: of the training, and of one instance for either solver. NaN where one is unknown.
    """
    if any(math.isnan(value) for value in (training_s, learner_s, other_s)):
        return math.nan
    saved = other_s - learner_s
    return float(math.ceil(training_s / saved)) if saved > 0 else NEVER


def break_even_table(contest: Contest) -> Table:
    """What the family's learners cost, and when that has paid off against each of the other solvers."""
    learners = [(learner, learner.training) for learner in contest.contestants if learner.training]
    rows = [row for learner, training in learners for row in _rows(learner, training, contest)]
    columns = (
        Column("learner", lambda r: r.label, "label"),
        Column("agents", lambda r: str(r.agents), "number"),
        Column("training, CPU s", lambda r: fixed(r.training_cpu_s, 1), "number"),
        Column("environment steps", lambda r: f"{r.environment_steps:,.0f}", "number"),
        Column("updates", lambda r: f"{r.updates:,.0f}", "number"),
        Column("a slot, ms", lambda r: significant(1e3 * r.slot_s), "number"),
        Column("an instance, s", lambda r: significant(r.instance_s), "number"),
        Column("other solver", lambda r: r.other, "label"),
        Column("its instance, s", lambda r: significant(r.other_s), "number"),
        Column("paid off after, instances", lambda r: _count(r.instances), "number"),
        Column("the learner's answers are", lambda r: _VERDICTS[r.side]),
    )
    caption = (
        "Mean cost of training an agent; median times of a solve without the training that went on in it; and the "
        "number of instances after which the time saved by deciding faster has made up for the CPU time of the "
        "training. Cheaper or dearer where the interval of the difference in cost excludes 0."
    )
    return Table(
        "break-even",
        f"{contest.family}: when training pays off",
        caption,
        pd.DataFrame(rows, columns=list(_NAMES)),
        columns,
    )


def _rows(learner: Contestant, training: Training, contest: Contest) -> list[dict[str, Any]]:
    own = {"family": contest.family, "label": learner.label, "agents": training.agents}
    own |= {"training_cpu_s": training.cpu_s, "environment_steps": training.environment_steps}
    own |= {"updates": training.updates, "slot_s": learner.slot_s, "instance_s": learner.instance_s}
    others: list[tuple[str, float, Estimate | None]] = [(BEST_ONLINE, contest.reference_s, learner.excess)]
    others += [(at.label, at.instance_s, difference(learner, at)) for at in contest.contestants if not at.learns]
    return [
        {
            **own,
            "other": label,
            "other_s": other_s,
            "instances": break_even(training.cpu_s, learner.instance_s, other_s),
            "side": 0 if found is None else side(found),
        }
        for label, other_s, found in others
    ]


def _count(instances: float) -> str:
    return MISSING if math.isnan(instances) else "never" if instances == NEVER else f"{instances:,.0f}"
