"""What learners lose against the best online policy, and when their training has paid off."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from reports.chapters.learners.break_even import NEVER, break_even
from reports.chapters.learners.findings import METHOD
from reports.chapters.learners.measure import Contest, Contestant
from reports.drawing.compact import compact, compacted
from reports.drawing.plot import AxisOf, Plot, Series
from reports.study.cells import BEST_ONLINE

_Cost = tuple[str, float, float, bool]
"""Of a solver: its label, seconds of training and of an instance, and whether no instance was left out."""
_REACH = (1e3, 1e6)
"""The fewest and the most instances that break-even is drawn up to."""
_PLACES = 25


def plots(contests: Sequence[Contest], solvers: Collection[str]) -> list[Plot]:
    """Excess and break-even; none where nothing was trained. ``solvers`` are the labels of the study."""
    return [_excess(contests), _break_even(contests, solvers)] if contests else []


def _excess(contests: Sequence[Contest]) -> Plot:
    return Plot(
        "learners",
        f"Learners: excess over {BEST_ONLINE}",
        METHOD,
        "intervals",
        AxisOf("mean excess, %"),
        None,
        {contest.family: [_interval(each) for each in contest.contestants] for contest in contests},
        f"No learner, or no complete answer of “{BEST_ONLINE}” to measure one against.",
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
        " paid off against another solver from where its line is the lower one; tables/break-even.csv has the numbers"
        " of instances, also those too large to be drawn. Hollow: some instances without an answer were left out.",
        "lines",
        AxisOf("instances answered", "log"),
        AxisOf("time, s", "log"),
        {contest.family: _panel(contest, solvers) for contest in contests},
        f"No training to pay off here: it needs a learner in a family with complete answers of “{BEST_ONLINE}”.",
    )


def _panel(contest: Contest, solvers: Collection[str]) -> list[Series]:
    costs: list[_Cost] = [
        (each.label, 0.0 if each.training is None else each.training.cpu_s, each.instance_s, not each.left_out)
        for each in contest.contestants
    ]
    if costs and BEST_ONLINE in solvers:
        costs.append((BEST_ONLINE, 0.0, contest.reference_s, True))
    costs = [cost for cost in costs if cost[1] >= 0 and cost[2] > 0]
    instances = np.geomspace(1, _reach(costs), _PLACES)
    return [
        {"solver": label, "x": compacted(instances, 3), "complete": complete}
        | {"y": compacted(training_s + instance_s * instances, 4)}
        for label, training_s, instance_s, complete in costs
    ]


def _reach(costs: Sequence[_Cost]) -> float:
    """A power of ten within ``_REACH``: past the number of instances by which all that ever pays off has."""
    untrained = [instance_s for _, training_s, instance_s, _ in costs if training_s == 0]
    counts = [break_even(own[1], own[2], other_s) for own in costs if own[1] > 0 for other_s in untrained]
    last = max((count for count in counts if count < NEVER), default=1.0)
    return float(np.clip(10 ** math.ceil(math.log10(10 * last)), *_REACH))
