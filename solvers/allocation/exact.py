"""Exact allocation: bandwidth by KKT, integer steps by pegging and dynamic programming."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import Slots
from solvers.allocation.bandwidth import equal_bandwidth, optimal_bandwidth
from solvers.allocation.costs import air_time
from solvers.allocation.late_bandwidth import late_bandwidth
from solvers.allocation.steps import optimal_steps
from solvers.base import AllocationStrategy

MAX_ROUNDS = 50
IMPROVEMENT = 1e-12


@dataclass(frozen=True)
class ExactAllocation(AllocationStrategy):
    """Optimal bandwidth and steps in every slot, to a relative 1e-9, where no deadline has a price.

    A deadline with a price couples the two budgets. Then this is a descent that finds the best
    steps for the bandwidth and the best bandwidth for the steps in turn, from two starts; each half is
    exact, and the answer is a feasible point that neither half can improve, without a certificate.
    """

    exact = True

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N)."""
        free, _ = optimal_bandwidth(slots)
        if not slots.system.couples_budgets:
            return free, optimal_steps(slots)[0]
        first = _descend(slots, free)
        second = _descend(slots, equal_bandwidth(slots))
        better = (second[2] < first[2])[:, None]
        return np.where(better, second[0], first[0]), np.where(better, second[1], first[1])


def _descend(slots: Slots, bandwidth: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bandwidth, steps and cost (B,) after turns of exact halves, as long as any slot improves."""
    steps, cost, _ = optimal_steps(slots, air_time(slots, bandwidth))
    for _ in range(MAX_ROUNDS):
        next_bandwidth = late_bandwidth(slots, steps)
        next_steps, next_cost, _ = optimal_steps(slots, air_time(slots, next_bandwidth))
        better = next_cost < cost * (1 - IMPROVEMENT)
        if not better.any():
            break
        bandwidth = np.where(better[:, None], next_bandwidth, bandwidth)
        steps = np.where(better[:, None], next_steps, steps)
        cost = np.where(better, next_cost, cost)
    return bandwidth, steps, cost
