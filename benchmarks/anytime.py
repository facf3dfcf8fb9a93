"""How good an answer was in the course of a solve: the anytime curves and their integrals."""

from __future__ import annotations

import math
from collections.abc import Iterable

from benchmarks.outcome import Event


def primal_gap(cost: float | None, reference: float) -> float:
    """The gap in [0, 1] of an answer to a reference: 1 without an answer.

    |cost - reference| over the greater of the two in magnitude; 1 where they differ in sign (Berthold, Measuring
    the impact of primal heuristics, 2013, equation 1).
    """
    if cost is None or not math.isfinite(cost):
        return 1.0
    if cost == reference:
        return 0.0
    if cost * reference < 0:
        return 1.0
    return abs(cost - reference) / max(abs(cost), abs(reference))


def primal_integral(events: Iterable[Event], reference: float, end_s: float | None) -> float:
    """Seconds: the integral of :func:`primal_gap` over the time from the call of the solver to ``end_s``.

    0 is an optimal answer from the first moment on, ``end_s`` none at all; NaN without an end. After the end the
    last answer stands, so that a solver which stops early is not charged for the rest.
    """
    if end_s is None:
        return math.nan
    area, since, gap = 0.0, 0.0, 1.0
    for event in events:
        if event.kind == "cost" and event.seconds < end_s:
            area += gap * (event.seconds - since)
            since, gap = event.seconds, primal_gap(event.value, reference)
    return area + gap * (end_s - since)


def primal_dual_integral(events: Iterable[Event], end_s: float | None) -> float:
    """Seconds: the integral of the gap between the best answer and the best bound so far, until ``end_s``.

    The gap is 1 until there are both, and 0 once the bound has reached the cost; it needs no reference. NaN without
    an end.
    """
    if end_s is None:
        return math.nan
    area, since, gap = 0.0, 0.0, 1.0
    cost: float | None = None
    bound: float | None = None
    for event in events:
        if event.seconds >= end_s:
            break
        area += gap * (event.seconds - since)
        since = event.seconds
        if event.kind == "cost":
            cost = event.value
        else:
            bound = event.value
        gap = 1.0 if cost is None or bound is None else 0.0 if bound >= cost else primal_gap(cost, bound)
    return area + gap * (end_s - since)
