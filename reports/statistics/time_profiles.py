"""How many instances are answered well enough, and how fast: distributions of times over instances.

Sources: E. D. Dolan and J. J. More, Benchmarking Optimization Software with Performance Profiles, Mathematical
Programming 91(2), 2002; J. J. More and S. M. Wild, Benchmarking Derivative-Free Optimization Algorithms, SIAM Journal
on Optimization 20(1), 2009 (data profiles; a test of convergence); H. H. Hoos and T. Stuetzle, Stochastic Local Search,
Morgan Kaufmann 2005, section 4.2 (distributions of the time to a quality).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.store.integrals import Courses

MOST_STEPS = 200
"""Of a distribution: more are finer than a figure shows."""


@dataclass(frozen=True)
class Steps:
    """A share that rises at some places and is constant between them: 0 before the first."""

    at: np.ndarray
    """(X,), rising."""
    share: np.ndarray
    """(X,): from this place on, up to the next."""

    def __call__(self, value: float) -> float:
        """The share at a place."""
        place = int(np.searchsorted(self.at, value, side="right"))
        return float(self.share[place - 1]) if place else 0.0


def distribution(values: np.ndarray) -> Steps:
    """The share of the values (P,) that are at most so large; infinite ones never are.

    At the first and the last of the values and evenly spread ones between them, ``MOST_STEPS`` at most.
    """
    at, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    share = np.cumsum(counts) / max(len(values), 1)
    if len(at) > MOST_STEPS:
        kept = np.linspace(0, len(at) - 1, MOST_STEPS).round().astype(int)
        at, share = at[kept], share[kept]
    return Steps(at, share)


def performance_ratios(times_s: np.ndarray) -> np.ndarray:
    """Each time over the least on its instance (P, S), of times > 0 (P, S) that are infinite where there is no answer.

    Their :func:`distribution` is a solver's performance profile. It depends on who else takes part.
    """
    fastest = times_s.min(axis=1, keepdims=True)
    return np.divide(times_s, fastest, out=np.full_like(times_s, math.inf), where=np.isfinite(times_s))


def times_by_size(times_s: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Each time (P, S) by the unit of its instance's size (P,), at least 1.

    Their :func:`distribution` is a solver's data profile: More and Wild count evaluations by simplex gradients, here
    it is seconds by requests. It does not depend on who else takes part.
    """
    by_size: np.ndarray = times_s / np.maximum(sizes, 1)[:, None]
    return by_size


def times_to(targets: np.ndarray, courses: Courses, costs: np.ndarray, ends_s: np.ndarray) -> np.ndarray:
    """Seconds until each solve had an answer of at most its target cost; infinite where it ended without. All (S,).

    The judged cost at the end decides whether it had one; the events when, if they hold one, else it is the end.
    """
    reached = courses.where(courses.is_cost & (courses.value <= targets[courses.solve]))
    seconds = np.full(courses.solves, math.inf)
    np.minimum.at(seconds, reached.solve, reached.seconds)
    return np.where(costs <= targets, np.where(np.isfinite(seconds), seconds, ends_s), math.inf)
