"""How good an answer was in the course of a solve: the integrals of the anytime curves, of many solves at once.

Source: T. Berthold, Measuring the impact of primal heuristics, Operations Research Letters 41(6), 2013.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import numpy as np


@dataclass(frozen=True, eq=False)
class Courses:
    """The events of S solves, one after the other."""

    solve: np.ndarray
    """(E,) whose event it is, 0 to S - 1, ascending."""
    seconds: np.ndarray
    """(E,) since the solver was called, ascending within a solve."""
    is_cost: np.ndarray
    """(E,) bool: the cost of an answer; else a bound."""
    value: np.ndarray
    """(E,)."""
    solves: int
    """S."""

    @classmethod
    def of(cls, courses: Sequence[Sequence[Sequence[Any]]]) -> Self:
        """From the events (seconds, ``cost`` or ``bound``, value) of each solve."""
        events = list(chain.from_iterable(courses))
        return cls(
            solve=np.repeat(np.arange(len(courses)), [len(own) for own in courses]),
            seconds=np.array([event[0] for event in events], dtype=float),
            is_cost=np.array([event[1] == "cost" for event in events], dtype=bool),
            value=np.array([event[2] for event in events], dtype=float),
            solves=len(courses),
        )

    def part(self, solves: np.ndarray) -> Courses:
        """Those of these solves (P,) alone, which become solves 0 to P - 1."""
        first, end = (np.searchsorted(self.solve, solves, side) for side in ("left", "right"))
        solve = np.repeat(np.arange(len(solves)), end - first)
        kept = np.arange(len(solve)) + (end - np.cumsum(end - first))[solve]
        return Courses(solve, self.seconds[kept], self.is_cost[kept], self.value[kept], len(solves))

    def where(self, kept: np.ndarray) -> Courses:
        """These events (E,) alone."""
        return Courses(self.solve[kept], self.seconds[kept], self.is_cost[kept], self.value[kept], self.solves)


def primal_gap(cost: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """The gap in [0, 1] of answers to a reference: 1 without an answer (NaN).

    |cost - reference| over the greater of the two in magnitude; 1 where they differ in sign (Berthold's equation 1).
    """
    greater = np.maximum(np.abs(cost), np.abs(reference))
    apart = np.abs(cost - reference) / np.where(greater > 0, greater, 1.0)
    gap: np.ndarray = np.where(np.isnan(apart) | (cost * reference < 0), 1.0, apart)
    return gap


def primal_integral(courses: Courses, reference: np.ndarray, end_s: np.ndarray) -> np.ndarray:
    """(S,) seconds: the integral of :func:`primal_gap` from the call of the solver to ``end_s`` (S,).

    ``end_s`` is the end of the solve, or one end for all that are compared: the last answer stands until
    then. 0 is an optimal answer from the first moment on, ``end_s`` none at all; NaN without an end.
    """
    found = courses.where(courses.is_cost)
    return _integral(found, primal_gap(found.value, reference[found.solve]), end_s)


def primal_dual_integral(courses: Courses, end_s: np.ndarray) -> np.ndarray:
    """(S,) seconds: the integral of the gap between the best answer and the best bound so far, until ``end_s``.

    The gap is 1 until there are both, and 0 once the bound has reached the cost; it needs no reference. ``end_s`` as
    for :func:`primal_integral`: in a row the end of the solve, or the moment of the kill.
    """
    cost, bound = _latest(courses, courses.is_cost), _latest(courses, ~courses.is_cost)
    return _integral(courses, np.where(bound >= cost, 0.0, primal_gap(cost, bound)), end_s)


def _latest(courses: Courses, counts: np.ndarray) -> np.ndarray:
    """(E,) the value of the last event that counts so far in the same solve; NaN before there is one."""
    place = np.maximum.accumulate(np.where(counts, np.arange(len(counts)), -1))
    own = (place >= 0) & (courses.solve[place] == courses.solve)
    return np.where(own, courses.value[place], np.nan)


def _integral(courses: Courses, gap: np.ndarray, end_s: np.ndarray) -> np.ndarray:
    """(S,) the integral of a gap that is 1 at first and then what it has become at each event (E,)."""
    begins = np.minimum(courses.seconds, end_s[courses.solve])
    last = np.diff(courses.solve, append=courses.solves) > 0
    ends = np.where(last, end_s[courses.solve], np.append(begins[1:], 0.0))
    area = np.bincount(courses.solve, (gap - 1.0) * (ends - begins), courses.solves)
    total: np.ndarray = end_s + area
    return total
