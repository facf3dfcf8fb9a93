"""Equal shares of both budgets: the allocation nobody tuned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import Slots
from problems.equal_split import equal_split
from solvers.base import AllocationStrategy


@dataclass(frozen=True)
class EqualAllocation(AllocationStrategy):
    """Every active user the same bandwidth, every request for a cached model the same steps."""

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N)."""
        return equal_split(slots.request, slots.cached, slots.catalogue, slots.system.step_budget)
