"""Optimal caches by Lagrangian bounds, exact costs of what they leave, and dynamic programming over frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import mask_to_cache
from problems.certificates.bound import priced_frames
from problems.instance import Instance
from problems.prices import Prices
from solvers.base import Budget, CachingStrategy, Plan, Report, Unsuitable
from solvers.caching.lagrangian import Lagrangian, exact_cost
from solvers.frame.bounds import (
    SLACK,
    EnvelopeBounds,
    FrameBounds,
    PricedBounds,
    coupled_start,
    holding_of,
    mask_of,
)
from solvers.frame.cache_search import MAX_MODELS
from solvers.frame.search import FrameSearch
from solvers.frame.stage_costs import FrameCosts

ROUNDING = 1e-12
"""Relative: covers the floating-point errors in adding up a bound."""


@dataclass(frozen=True)
class BranchAndBound(CachingStrategy):
    """The optimal caches with the optimum as lower bound, for catalogues of up to 62 models.

    Prices of both budgets and of loading bound the cost of every cache of a frame from below
    (:mod:`problems.certificates.bound`). Where lateness has no price, a tree of models held or not raises
    the prices of steps again in every node, and caches are bounded by their own envelopes
    (:mod:`solvers.frame.cache_tree`). Lowest bound first, the caches that are left are costed exactly, until no
    other can be better. Where loading costs, all caches are kept whose cost at the prices is within the
    distance between the best known solution and the sum of the frames' optima, since an optimal
    sequence holds no others, and dynamic programming joins them. Where the time passes, or more than
    ``most_caches`` of a frame are left, the answer is the best known with the bound proved so far.
    """

    exact = True
    exact_with_deadline = True
    gives_bound = True

    most_caches: int = 100_000
    """Caches of one frame that are costed at most, > 0."""
    turns: int = 100
    """Subgradient steps for the prices of a frame, or of all where loading costs, >= 0."""

    def __post_init__(self) -> None:
        for name, least in (("most_caches", 1), ("turns", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name}: {getattr(self, name)}; must be >= {least}")

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Caches and bound. Raises Unsuitable for more than 62 models."""
        if len(instance.models) > MAX_MODELS:
            raise Unsuitable(f"takes at most {MAX_MODELS} models; the catalogue has {len(instance.models)}")
        if instance.system.load_cost_per_gb == 0:
            return self._apart(instance, budget, report)
        return self._joined(instance, budget, report)

    def _apart(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Frame by frame, where loading is free."""
        search, steps, band = [], [], []
        for t in range(instance.frames):
            frame, step_price, band_price = self._alone(instance, t, budget)
            search.append(frame)
            steps.append(step_price)
            band.append(band_price)
        prices = Prices(np.array(steps), np.array(band), np.zeros((instance.frames, len(instance.models))))
        bound = 0.0
        for frame in search:
            frame.minimise(budget)
            bound = max(_mean(instance, search), bound)
            report.bound(bound, prices)
        complete = all(frame.settled for frame in search) or not budget.expired
        return Plan(_caches(instance, search), lower_bound=bound, complete=complete, prices=prices)

    def _alone(self, instance: Instance, t: int, budget: Budget) -> tuple[FrameSearch, np.ndarray, np.ndarray]:
        """The search in a frame whose loading is free, and its prices of steps (K,) and band (K,)."""
        nothing, turns = np.zeros(len(instance.models)), 0 if budget.expired else self.turns
        costs, start = FrameCosts(instance, t), EnvelopeBounds(instance, t, nothing, None, turns)
        first = np.array([start.cache])
        if instance.system.couples_budgets and costs.learn(first, budget):
            better = coupled_start(instance, t, start, float(costs.of(first)[0][0]), turns)
            if better.bounds.lower > start.lower:
                search = FrameSearch(costs, better.bounds, nothing, start.cache, self.most_caches)
                return search, better.steps, better.band
        search = FrameSearch(costs, start, nothing, start.cache, self.most_caches)
        return search, start.step_price, start.band_price

    def _joined(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """All frames together, where loading costs."""
        priced_plan = Lagrangian(self.turns).plan(instance, budget, report)
        prices = priced_plan.prices
        assert prices is not None
        search = self._priced(instance, prices, priced_plan.cache)
        bound = priced_plan.lower_bound or 0.0
        for frame in search:
            frame.minimise(budget)
            bound = max(_mean(instance, search), bound)
            report.bound(bound, prices)
        path = _caches(instance, search)
        if budget.expired:
            return Plan(priced_plan.cache, lower_bound=bound, complete=False, prices=prices)
        count = max(instance.active_requests, 1)
        costs = [exact_cost(instance, caches) for caches in (priced_plan.cache, path)]
        settled = all(frame.settled for frame in search)
        joined = self._join(instance, search, min(costs) * count, budget) if settled else None
        if joined is not None:
            masks, value = joined
            value = max(bound, value / count * (1 - ROUNDING))
            return Plan(mask_to_cache(masks, len(instance.models)), lower_bound=value, prices=prices)
        cheaper = path if costs[1] < costs[0] else priced_plan.cache
        return Plan(cheaper, lower_bound=bound, complete=not budget.expired, prices=prices)

    def _priced(self, instance: Instance, prices: Prices, caches: np.ndarray) -> list[FrameSearch]:
        """The searches at given prices; ``caches`` (T, M) are probably good."""
        frames, search = priced_frames(instance, prices), []
        for t, cache in enumerate(caches):
            charge = frames.charge[t]
            bounds: FrameBounds = EnvelopeBounds(instance, t, charge, prices.steps[t], 0)
            if instance.system.couples_budgets:
                size, room, _ = holding_of(instance, charge)
                bounds = PricedBounds(float(frames.base[t]), frames.worth[t], size, room)
            search.append(FrameSearch(FrameCosts(instance, t), bounds, charge, mask_of(cache), self.most_caches))
        return search

    def _join(
        self, instance: Instance, search: list[FrameSearch], upper: float, budget: Budget
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


def _loading(before: np.ndarray, after: np.ndarray, load_cost: np.ndarray) -> np.ndarray:
    """(B, A) what going from each mask of ``before`` to each of ``after`` costs."""
    models = len(load_cost)
    held, wanted = mask_to_cache(before, models).astype(float), mask_to_cache(after, models).astype(float)
    cost: np.ndarray = (wanted @ load_cost)[None, :] - (held * load_cost) @ wanted.T
    return cost


def _mean(instance: Instance, search: list[FrameSearch]) -> float:
    """What the frames' lower bounds come to for J; no cost is negative."""
    total = sum(frame.lower for frame in search)
    return max(total - ROUNDING * abs(total), 0.0) / max(instance.active_requests, 1)


def _caches(instance: Instance, search: list[FrameSearch]) -> np.ndarray:
    return mask_to_cache(np.array([frame.best_mask for frame in search]), len(instance.models))
