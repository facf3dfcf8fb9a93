"""Optimal caches by Lagrangian bounds, enumeration of what they leave, and dynamic programming over frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.certificate import PricedFrames, priced_frames
from problems.instance import Instance
from problems.packing import CAPACITY_TOLERANCE
from solvers.base import Budget, CachingStrategy, Plan, Report, Unsuitable
from solvers.caching.cache_search import MAX_MODELS, caches_worth, most_worth
from solvers.caching.lagrangian import Lagrangian, exact_cost
from solvers.caching.stage_costs import FrameCosts, mask_to_cache

FIRST_SHARE = 16
"""The first round takes one part in so many of the distance from a frame's bound to its best cost, the next two, ..."""
FIRST_BATCH = 8
"""Caches that are costed at once at first; every further batch is twice as large."""
SLACK = 1e-9
"""Relative: caches within this of what could be optimal are kept, against rounding."""


@dataclass(frozen=True)
class BranchAndBound(CachingStrategy):
    """The optimal caches with the optimum as lower bound, for catalogues of up to 62 models.

    Prices of both budgets and of loading bound the cost of every cache of a frame from below
    (:mod:`problems.certificate`). Best first, the caches that the bound leaves are costed exactly, until no
    other can be better. Where loading costs, all caches are kept whose cost at the prices is within the
    distance between the best known solution and the sum of the frames' optima, since an optimal
    sequence holds no others, and dynamic programming joins them. Where the time passes, or more than
    ``most_caches`` of a frame are left, the answer is the best known with the bound proved so far.
    """

    exact = True
    exact_with_deadline = True
    gives_bound = True

    most_caches: int = 10_000
    """Caches of one frame that are costed at most, > 0."""
    turns: int = 60
    """Subgradient steps for the prices, >= 0."""

    def __post_init__(self) -> None:
        for name, least in (("most_caches", 1), ("turns", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name}: {getattr(self, name)}; must be >= {least}")

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Caches and bound. Raises Unsuitable for more than 62 models."""
        if len(instance.models) > MAX_MODELS:
            raise Unsuitable(f"takes at most {MAX_MODELS} models; the catalogue has {len(instance.models)}")
        priced_plan = Lagrangian(self.turns).plan(instance, budget, report)
        prices = priced_plan.prices
        assert prices is not None
        frames = priced_frames(instance, prices)
        count = max(instance.active_requests, 1)
        search = [_Frame(instance, frames, t, self.most_caches) for t in range(instance.frames)]
        for frame, cache in zip(search, priced_plan.cache, strict=True):
            frame.minimise(_mask(cache), budget)
            proved = sum(f.lower for f in search) / count
            report.bound(max(proved, priced_plan.lower_bound or 0.0))
        bound = max(proved, priced_plan.lower_bound or 0.0)
        path = _caches(instance, np.array([frame.best_mask for frame in search]))
        settled = all(frame.settled for frame in search)
        if instance.system.load_cost_per_gb == 0:
            return Plan(path, lower_bound=bound, complete=settled or not budget.expired, prices=prices)
        if budget.expired:
            return Plan(priced_plan.cache, lower_bound=bound, complete=False, prices=prices)
        costs = [exact_cost(instance, caches) for caches in (priced_plan.cache, path)]
        joined = self._join(instance, search, min(costs) * count, budget) if settled else None
        if joined is not None:
            return Plan(_caches(instance, joined[0]), lower_bound=max(bound, joined[1] / count), prices=prices)
        cheaper = path if costs[1] < costs[0] else priced_plan.cache
        return Plan(cheaper, lower_bound=bound, complete=not budget.expired, prices=prices)

    def _join(
        self, instance: Instance, search: list[_Frame], upper: float, budget: Budget
    ) -> tuple[np.ndarray, float] | None:
        """The best sequence of masks (T,) and a lower bound on every sequence's cost; None if too many are left."""
        distance = max(upper - sum(frame.lower for frame in search), 0.0) + SLACK * abs(upper)
        load_cost = instance.system.load_cost_per_gb * instance.catalogue.size_gb
        origins, kept = [], []
        masks, cost, bound = np.zeros(1, dtype=np.int64), np.zeros(1), np.zeros(1)
        for frame in search:
            stage = frame.within(distance, budget)
            if stage is None:
                return None
            after, stage_cost, stage_bound = stage
            loading = _loading(masks, after, load_cost)
            through = cost[:, None] + loading
            origins.append(through.argmin(axis=0))
            cost = through.min(axis=0) + stage_cost
            bound = (bound[:, None] + loading).min(axis=0) + stage_bound
            masks = after
            kept.append(after)
        place = int(cost.argmin())
        path = []
        for origin, after in zip(reversed(origins), reversed(kept), strict=True):
            path.append(after[place])
            place = int(origin[place])
        return np.array(path[::-1]), min(float(bound.min()), upper)


class _Frame:
    """One frame's search: costs at the prices are the exact cost plus what holding each model is charged."""

    def __init__(self, instance: Instance, priced: PricedFrames, t: int, most_caches: int) -> None:
        self._instance = instance
        self._costs = FrameCosts(instance, t)
        self._base, self._worth = float(priced.base[t]), priced.worth[t]
        self._charge = priced.charge[t]
        self._most = most_caches
        self.best_mask, self.best, self.settled = 0, np.inf, False
        self._best_bound = np.inf
        room = instance.system.cache_gb * (1 + CAPACITY_TOLERANCE)
        self.lower = self._base - most_worth(self._worth, instance.catalogue.size_gb, room)

    def minimise(self, first: int, budget: Budget) -> None:
        """Find the cheapest cache at the prices, beginning with one that is probably good.

        In rounds, each with all caches whose bound at the prices is below a limit, until the limit is
        the best cost found.
        """
        self.best_mask = first
        if not self._try(np.array([first, 0]), budget):
            return
        floor, width = self.lower, max(self.best - self.lower, 0.0) / FIRST_SHARE
        while not self.settled:
            limit = min(floor + width, self.best)
            masks, bounds, whole = self._caches_below(limit)
            if not whole or not self._try_in_turn(masks, bounds, budget):
                return
            self.settled = limit >= self.best
            self.lower = min(self._best_bound, limit)
            width *= 2
        self.lower = self._best_bound

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
        masks, _, whole = self._caches_below(self.lower + distance)
        if not whole or not self._costs.learn(masks, budget):
            return None
        cost, bound = self._costs.of(masks)
        near = bound + self._charges(masks) <= self.lower + distance
        return masks[near], cost[near], bound[near]

    def _caches_below(self, limit: float) -> tuple[np.ndarray, np.ndarray, bool]:
        """Masks whose bound at the prices is at most ``limit``, the lowest first, and those bounds."""
        room = self._instance.system.cache_gb * (1 + CAPACITY_TOLERANCE)
        least = self._base - limit - SLACK * abs(limit)
        size = self._instance.catalogue.size_gb
        masks, worth, whole = caches_worth(self._worth, size, room, least, self._most)
        return masks, self._base - worth, whole

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


def _loading(before: np.ndarray, after: np.ndarray, load_cost: np.ndarray) -> np.ndarray:
    """(B, A) what going from each mask of ``before`` to each of ``after`` costs."""
    models = len(load_cost)
    held, wanted = mask_to_cache(before, models).astype(float), mask_to_cache(after, models).astype(float)
    cost: np.ndarray = (wanted @ load_cost)[None, :] - (held * load_cost) @ wanted.T
    return cost


def _mask(cache: np.ndarray) -> int:
    return int((np.int64(1) << np.flatnonzero(cache).astype(np.int64)).sum())


def _caches(instance: Instance, masks: np.ndarray) -> np.ndarray:
    return mask_to_cache(masks, len(instance.models))
