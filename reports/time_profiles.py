"""How many instances are answered well enough, and how fast: distributions of times over instances.

Sources: E. D. Dolan and J. J. More, Benchmarking Optimization Software with Performance Profiles, Mathematical
Programming 91(2), 2002; J. J. More and S. M. Wild, Benchmarking Derivative-Free Optimization Algorithms, SIAM Journal
on Optimization 20(1), 2009 (data profiles; a test of convergence); H. H. Hoos and T. Stuetzle, Stochastic Local Search,
Morgan Kaufmann 2005, section 4.2 (distributions of the time to a quality).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.outcome import Event


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
    """The share of the values (P,) that are at most so large; infinite ones never are."""
    at, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    return Steps(at, np.cumsum(counts) / max(len(values), 1))


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


def time_to(target: float, events: Iterable[Event], cost: float, end_s: float) -> float:
    """Seconds until a solve had an answer of at most the ``target`` cost; infinite where it ended (``end_s``) without.

    The judged ``cost`` at the end decides whether it had one; the stream of ``events`` when, if it holds one.
    """
    if not cost <= target:
        return math.inf
    return min((event.seconds for event in events if event.kind == "cost" and event.value <= target), default=end_s)
