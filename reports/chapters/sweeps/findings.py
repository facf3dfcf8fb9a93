"""What a study says of its sweeps: where the learner is ahead of its rivals, and how far it is from the optimum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from reports.chapters.sweeps.measure import LEAST_POINTS, Point, Sweep, all_points
from reports.statistics.two_way_bootstrap import CONFIDENCE, Estimate
from reports.study.cells import BEST_ONLINE
from reports.study.seed_blocks import difference, side
from reports.writing.numbers import PERCENT, between, fixed, interval_name

PAPER_ORDER = ("t2drl", "ddqn+ddpg", "static+genetic", "random+equal")
"""The methods of the paper's simulations, in the order in which it finds them; the first is its own."""
_LISTED = 6
"""Points that a sentence names; of more it gives the number."""
_INTERVAL = interval_name(CONFIDENCE)
METHOD = (
    f"A sweep holds everything of a family's setting fixed but one parameter, and has at least {LEAST_POINTS} points, "
    "the family's own setting among them. Points that differ in the cache, the bandwidth, the steps, the skew or the "
    "weight of latency share their models, their channels and the sizes of requests, and but for another skew the "
    "requests themselves. Other numbers of users or models draw catalogues and traces of their own, so the way of a "
    "curve there is that of other scenarios too; solvers of one point answer the same instances. Where the users grow, "
    "bandwidth and steps grow with them by the family's rules, or are held fixed in total. Learners are trained "
    "anew at every point. Excess is measured against the certified optimum of each instance, in hindsight, which no "
    f"online policy is promised to reach. Differences are paired by instance; ahead or behind is said where the "
    f"{_INTERVAL} of the difference excludes 0. Of many such statements, one in twenty may err. Lengths of the "
    "diffusion chain are compared on one family, with all other settings of the learner equal."
)
_Placed = tuple[Sweep, Point]


def findings(sweeps: Sequence[Sweep]) -> list[str]:
    """Sentences, of every family and each solver that is a ``t2drl``."""
    sentences = []
    for family in dict.fromkeys(sweep.family for sweep in sweeps):
        own = [sweep for sweep in sweeps if sweep.family == family]
        points, solvers = all_points(own), {label: name for sweep in own for label, name in sweep.solvers.items()}
        methods = {name: [label for label in solvers if solvers[label] == name] for name in (*PAPER_ORDER, BEST_ONLINE)}
        for learner in methods[PAPER_ORDER[0]]:
            rivals = [label for name in (*PAPER_ORDER[1:], BEST_ONLINE) for label in methods[name]]
            sentences += [text for rival in rivals if (text := _against(family, points, learner, rival))]
            sentences += _distance(family, points, learner)
        sentences += _order(family, points, [label for name in PAPER_ORDER for label in methods[name]])
    return sentences


def _sides(points: Sequence[_Placed], first: str, second: str) -> dict[int, list[_Placed]]:
    """The points of both, by whether the first's excess is less (-1), not told apart (0) or more (1)."""
    sides: dict[int, list[_Placed]] = {-1: [], 0: [], 1: []}
    for sweep, point in points:
        if first in point.outcomes and second in point.outcomes:
            one, other = (point.outcomes[label].blocks["excess"] for label in (first, second))
            found = difference(one, other)
            if found is not None:
                sides[side(found)].append((sweep, point))
    return sides


def _against(family: str, points: Sequence[_Placed], learner: str, rival: str) -> str:
    """How many points the learner is ahead at; empty where there is none of both."""
    sides = _sides(points, learner, rival)
    total = sum(map(len, sides.values()))
    if not total:
        return ""
    text = f"{family}: “{learner}” is ahead of “{rival}” at {len(sides[-1])} of {total} points"
    if sides[0]:
        text += f", not told apart at {len(sides[0])}"
    if sides[1]:
        text += f", behind at {len(sides[1])}{_where(sides[1])}"
    return text + "."


def _distance(family: str, points: Sequence[_Placed], learner: str) -> list[str]:
    known = [
        (point.outcomes[learner].estimates["excess"], sweep, point)
        for sweep, point in points
        if learner in point.outcomes and "excess" in point.outcomes[learner].estimates
    ]
    if not known:
        return []
    worst, best = max(known, key=lambda item: item[0].mean), min(known, key=lambda item: item[0].mean)
    text = f"{family}: “{learner}” is {_percent(worst[0])} above the certified optimum at worst{_where([worst[1:]])}"
    return [f"{text} and {_percent(best[0])} at best{_where([best[1:]])}."]


def _order(family: str, points: Sequence[_Placed], labels: Sequence[str]) -> list[str]:
    """Where a method is ahead of one that the paper puts before it."""
    if len(labels) < 2:
        return []
    exceptions = []
    for before, after in pairwise(labels):
        turned = _sides(points, before, after)[1]
        if turned:
            exceptions.append(f"“{after}” is ahead of “{before}” at {len(turned)}{_where(turned)}")
    chain = ", ".join(f"“{label}”" for label in labels)
    verdict = f"fails: {'; '.join(exceptions)}" if exceptions else "is contradicted at no point"
    return [f"{family}: the paper's order {chain}, the best first, {verdict}."]


def _where(points: Sequence[_Placed]) -> str:
    """The points by their names, in brackets; nothing where they are many."""
    if len(points) > _LISTED:
        return ""
    names = (
        "the family's own setting" if point.family == sweep.family else sweep.axis.called(point.value)
        for sweep, point in points
    )
    return f" ({', '.join(names)})"


def _percent(found: Estimate) -> str:
    interval = between(found.low, found.high, lambda end: fixed(end, 2))
    return f"{fixed(found.mean, 2)}{PERCENT}" + ("" if math.isnan(found.low) else f" ({_INTERVAL} {interval})")
