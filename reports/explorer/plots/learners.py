"""What learners lose against the best online policy, and when their training has paid off."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from reports.explorer.compact import compact, compacted
from reports.explorer.plots.plot import AxisOf, Plot, Series
from reports.learners import REFERENCE, Contest, Contestant
from reports.learners_table import METHOD

_INSTANCES = np.geomspace(1, 1e6, 25)


def plots(contests: Sequence[Contest], solvers: Collection[str]) -> list[Plot]:
    """Excess and break-even; none where nothing was trained. ``solvers`` are the labels of the study."""
    return [_excess(contests), _break_even(contests, solvers)] if contests else []


def _excess(contests: Sequence[Contest]) -> Plot:
    return Plot(
        "learners",
        f"Learners: excess over {REFERENCE}",
        METHOD,
        "intervals",
        AxisOf("mean excess, %"),
        None,
        {contest.family: [_interval(each) for each in contest.contestants] for contest in contests},
        f"No learner, or no complete answer of “{REFERENCE}” to measure one against.",
    )


def _interval(contestant: Contestant) -> Series:
    found = contestant.excess
    return {
        "solver": contestant.label,
        "x": compact(found.mean, 4),
        "low": compact(found.low, 4),
        "high": compact(found.high, 4),
        "complete": not contestant.left_out,
    }


def _break_even(contests: Sequence[Contest], solvers: Collection[str]) -> Plot:
    return Plot(
        "break-even",
        "When training pays off",
        "CPU time of an agent's training plus the median solve time of every instance answered since. A learner has"
        " paid off against another solver from where its line is the lower one.",
        "lines",
        AxisOf("instances answered", "log"),
        AxisOf("time spent, s", "log"),
        {contest.family: _panel(contest, solvers) for contest in contests},
        "No learner here, so no training to pay off.",
    )


def _panel(contest: Contest, solvers: Collection[str]) -> list[Series]:
    costs = [
        (each.label, 0.0 if each.training is None else each.training.cpu_s, each.instance_s, not each.left_out)
        for each in contest.contestants
    ]
    if costs and REFERENCE in solvers:
        costs.append((REFERENCE, 0.0, contest.reference_s, True))
    return [
        {"solver": label, "x": compacted(_INSTANCES, 3), "complete": complete}
        | {"y": compacted(training_s + instance_s * _INSTANCES, 4)}
        for label, training_s, instance_s, complete in costs
        if instance_s > 0 and training_s >= 0
    ]
