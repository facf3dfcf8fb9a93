"""The cheapest cache of one frame, and all caches that are nearly as cheap."""

from __future__ import annotations

import numpy as np

from problems.caches import mask_to_cache
from solvers.base import Budget
from solvers.frame.bounds import FrameBounds
from solvers.frame.stage_costs import FrameCosts

FIRST_MOST = 512
"""Caches that can be better than the first one, up to which they are costed at once."""
FIRST_SHARE = 16
"""Else the first round takes one part in so many of the distance from the bound to the best cost, the next two, ..."""
FIRST_BATCH = 4
"""Caches that are costed at once at first; every further batch is twice as large."""


class FrameSearch:
    """One frame's search. Costs are exact costs and what holding each model is charged."""

    def __init__(
        self, costs: FrameCosts, bounds: FrameBounds, charge: np.ndarray, first: int, most_caches: int
    ) -> None:
        """``first`` is a feasible cache that is probably good, ``charge`` is (M,)."""
        self._costs, self._bounds, self._charge = costs, bounds, charge
        self._most = most_caches
        self.lower = bounds.lower
        self.best_mask, self.best, self.settled = first, np.inf, False
        self._best_bound = np.inf

    def minimise(self, budget: Budget) -> None:
        """Find the cheapest cache.

        Where few caches can be better than the first one, they are costed. Else in rounds, each with all caches
        whose bound is below a limit, until the limit is the best cost found.
        """
        if not self._try(np.array([self.best_mask, 0]), budget):
            return
        floor, width = self.lower, max(self.best - self.lower, 0.0)
        if not self._round(self.best, min(FIRST_MOST, self._most), budget):
            width /= FIRST_SHARE
        while not self.settled and not budget.expired:
            if not self._round(min(floor + width, self.best), self._most, budget):
                return
            width *= 2

    def _round(self, limit: float, most: int, budget: Budget) -> bool:
        """Cost the caches whose bound is at most ``limit``; False if there are too many or the time runs out."""
        masks, bounds, whole = self._bounds.below(limit, most, budget)
        if not whole or not self._try_in_turn(masks, bounds, budget):
            return False
        self.settled = limit >= self.best
        self.lower = max(self.lower, self._best_bound if self.settled else min(self._best_bound, limit))
        return True

    def _try_in_turn(self, masks: np.ndarray, bounds: np.ndarray, budget: Budget) -> bool:
        """Cost the masks in order, in growing batches, as long as any can be the best; False if the time runs out."""
        start, batch = 0, FIRST_BATCH
        while start < len(masks) and bounds[start] < self.best:
            if not self._try(masks[start : start + batch], budget):
                return False
            start, batch = start + batch, 2 * batch
        return True

    def within(self, distance: float, budget: Budget) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """Masks, costs and bounds (F,), charges left out, of all caches within ``distance`` of the cheapest."""
        masks, _, whole = self._bounds.below(self.lower + distance, self._most, budget)
        if not whole or not self._costs.learn(masks, budget):
            return None
        cost, bound = self._costs.of(masks)
        near = bound + self._charges(masks) <= self.lower + distance
        return masks[near], cost[near], bound[near]

    def _try(self, masks: np.ndarray, budget: Budget) -> bool:
        if not self._costs.learn(masks, budget):
            return False
        cost, bound = self._costs.of(masks)
        charged = cost + self._charges(masks)
        place = int(charged.argmin())
        if charged[place] < self.best:
            self.best, self.best_mask = float(charged[place]), int(masks[place])
        self._best_bound = min(self._best_bound, float((bound + self._charges(masks)).min()))
        return True

    def _charges(self, masks: np.ndarray) -> np.ndarray:
        held = mask_to_cache(masks, len(self._charge))
        charges: np.ndarray = held @ self._charge
        return charges
