"""Exact allocation: bandwidth by KKT, integer steps by pegging and dynamic programming, both at once where coupled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import Slots
from solvers.base import AllocationStrategy
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.coupled import MAX_NODES, SLOT_GAP, coupled_allocation
from solvers.slot.steps import optimal_steps


@dataclass(frozen=True)
class ExactAllocation(AllocationStrategy):
    """Optimal bandwidth and steps in every slot, to a relative 1e-9.

    Where lateness has no price the two budgets separate and both halves are exact. Where it has one,
    they are coupled and branch and bound closes the gap; a slot that is still open after 10,000
    nodes gets the best answer found.
    """

    exact = True
    exact_with_deadline = True

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N)."""
        if slots.system.couples_budgets:
            rows = np.arange(len(slots))
            bandwidth, steps, _, _ = coupled_allocation(slots, rows, slots.cached, SLOT_GAP, MAX_NODES)
            return bandwidth, steps
        return optimal_bandwidth(slots)[0], optimal_steps(slots)[0]
