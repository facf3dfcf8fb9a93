"""Local search over caches: swaps in every frame at once, joined over frames where loading costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from problems.caches import room_gb
from problems.certificates.bound import PricedFrames, priced_frames
from problems.instance import Instance
from solvers.base import Budget, CachingStrategy, Plan, Report
from solvers.caching.lagrangian import Lagrangian, first_prices
from solvers.caching.milp_relaxation import MilpRelaxation
from solvers.frame.cache_costs import CacheCosts
from solvers.frame.cache_search import most_worth

START_SHARE = 0.5
"""Of the time limit, for the plan and the prices that the search starts from."""
ALLOCATIONS_LEFT = 2.0
"""The search leaves this many times the time that costing its start took, since all slots are still to be allocated."""
LEAST_GAIN = 1e-12
"""Relative: what counts as an improvement."""


@dataclass(frozen=True)
class LocalSearch(CachingStrategy):
    """Good caches for catalogues of any size, with the certified bound of ``lagrangian``, from whose plan it starts.

    In a round every frame costs exactly the caches that are one or two moves away, a move being one model
    more, one less or one exchanged, in the order of their bound at the prices of the start; what no
    improvement can hold is left out. The best sequence of all caches costed so far, loading included, is
    found by dynamic programming, so that one round can make a move in every frame, or the same in many
    (a very large neighbourhood: Congram, Potts and van de Velde, An iterated dynasearch algorithm, 2002).
    The moves start from the sequence's own caches, then from the next cheapest, until some rounds in turn
    improve nothing. Of a time limit as much is left over as allocating takes.
    """

    gives_bound = True

    breadth: int = 8
    """Caches costed in a frame and round at most, > 0."""
    patience: int = 3
    """Rounds without improvement after which it ends, > 0."""
    turns: int = 20
    """Subgradient steps for the prices where a deadline couples the budgets, >= 0."""

    def __post_init__(self) -> None:
        for name, least in (("breadth", 1), ("patience", 1), ("turns", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name}: {getattr(self, name)}; must be >= {least}")

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Caches and bound."""
        starting = _until(budget, START_SHARE * (budget.time_limit_s or 0.0))
        first = MilpRelaxation().relax(instance, starting)
        if budget.expired or not first.plan.complete:
            return replace(first.plan, complete=False)
        begun = budget.elapsed_s
        search = Search(instance, first.plan.cache, self.breadth)
        took_s = budget.elapsed_s - begun
        start = best = first_prices(instance, first)
        bound = first.plan.lower_bound or 0.0
        for best in Lagrangian(self.turns).search(instance, start, search.objective, starting):
            bound = max(bound, best[1].bound)
            report.bound(bound, best[0])
        search.price(priced_frames(instance, best[0]))
        ending = _until(budget, (budget.time_limit_s or 0.0) - ALLOCATIONS_LEFT * took_s)
        idle = 0
        while idle < self.patience and not search.cut_short:
            idle = 0 if search.improve(ending) else idle + 1
        return Plan(search.cache, lower_bound=bound, complete=not search.cut_short, prices=best[0])


class Search:
    """The best sequence so far, and all caches that were costed."""

    def __init__(self, instance: Instance, cache: np.ndarray, breadth: int) -> None:
        system, size = instance.system, instance.catalogue.size_gb
        self.cache = cache
        self.cut_short = False
        self._breadth, self._size = breadth, size
        self._room = room_gb(system.cache_gb)
        self._load_cost = system.load_cost_per_gb * size
        self._frames = [CacheCosts(instance, t) for t in range(instance.frames)]
        self._pools = [row[None] for row in cache]
        self._explored: list[set[bytes]] = [set() for _ in cache]
        self._cost = self._cost_of(cache)
        self.objective = self._cost / max(instance.active_requests, 1)

    def price(self, priced: PricedFrames) -> None:
        """Take what prices say of every frame, by which caches are ranked and ruled out."""
        self._priced = priced
        self._floor = priced.base - [most_worth(worth, self._size, self._room) for worth in priced.worth]

    def improve(self, budget: Budget) -> bool:
        """One round; whether it improved anything."""
        for t in range(len(self.cache)):
            if budget.expired:
                self.cut_short = True
                break
            self._extend(t)
        costs = [frame.of(pool) for frame, pool in zip(self._frames, self._pools, strict=True)]
        path, cost = cheapest_sequence(self._pools, costs, self._load_cost)
        if cost >= self._cost - LEAST_GAIN * abs(self._cost):
            return False
        self.cache = np.array([pool[place] for pool, place in zip(self._pools, path, strict=True)])
        self._cost = cost
        return True

    def _extend(self, t: int) -> None:
        """Cost the most promising new neighbours of one cache of a frame, and the caches of the frames beside it."""
        beside = self.cache[max(t - 1, 0) : t + 2] if self._load_cost.any() else self.cache[t : t + 1]
        self._pools[t] = np.unique(np.concatenate([self._pools[t], beside]), axis=0)
        centre = self._centre(t)
        if centre is None:
            return
        near, bound = self._near(centre, t)
        order = np.argsort(bound, kind="stable")
        new = [i for i in order if not self._frames[t].knows(near[i])]
        if len(new) <= self._breadth:
            self._explored[t].add(centre.tobytes())
        new = new[: self._breadth]
        self._frames[t].of(near[new])
        self._pools[t] = np.unique(np.concatenate([self._pools[t], near[new]]), axis=0)

    def _centre(self, t: int) -> np.ndarray | None:
        """The cache whose neighbours come next: that of the best sequence, then the cheapest at the prices."""
        pool = self._pools[t]
        left = np.array([cache.tobytes() not in self._explored[t] for cache in pool])
        if self.cache[t].tobytes() not in self._explored[t]:
            return self.cache[t]
        charged = self._frames[t].of(pool) + pool @ self._priced.charge[t]
        return pool[np.where(left, charged, np.inf).argmin()] if left.any() else None

    def _near(self, centre: np.ndarray, t: int) -> tuple[np.ndarray, np.ndarray]:
        """Caches (P, M) one or two moves from the centre whose bounds (P,) leave room for an improvement.

        The second move starts from the caches of lowest bound.
        """
        base, worth, limit = self._priced.base[t], self._priced.worth[t], self._limit(t)
        near = neighbours(centre, self._size, self._room)
        best = near[np.argsort(-(near @ worth), kind="stable")[: self._breadth]]
        near = np.concatenate([near, *(neighbours(cache, self._size, self._room) for cache in best)])
        near = np.unique(near[base - near @ worth <= limit], axis=0)
        return near, base - near @ worth

    def _limit(self, t: int) -> float:
        """Caches whose bound is above cannot be part of anything better."""
        if not self._load_cost.any():
            return float(self._frames[t].of(self.cache[t : t + 1])[0])
        return float(self._floor[t] + self._cost - self._floor.sum())

    def _cost_of(self, cache: np.ndarray) -> float:
        before = np.concatenate([np.zeros((1, cache.shape[1]), dtype=bool), cache[:-1]])
        requests = sum(float(frame.of(row[None])[0]) for frame, row in zip(self._frames, cache, strict=True))
        return requests + float(((cache & ~before) @ self._load_cost).sum())


def neighbours(cache: np.ndarray, size_gb: np.ndarray, room_gb: float) -> np.ndarray:
    """(P, M) bool: the caches within ``room_gb`` that have one model more, one less or one exchanged."""
    single = np.eye(len(cache), dtype=bool)
    held, free = np.flatnonzero(cache), np.flatnonzero(~cache)
    swaps = (single[held][:, None] | single[free][None]).reshape(-1, len(cache))
    near = np.concatenate([single, swaps]) ^ cache
    feasible: np.ndarray = near[near @ size_gb <= room_gb]
    return feasible


def cheapest_sequence(
    pools: list[np.ndarray], costs: list[np.ndarray], load_cost: np.ndarray
) -> tuple[list[int], float]:
    """The places (T,) in the ``pools`` (P, M) of caches of least summed ``costs`` (P,) and loading, and that sum."""
    held = np.zeros((1, len(load_cost)), dtype=bool)
    value = np.zeros(1)
    origins = []
    for pool, cost in zip(pools, costs, strict=True):
        loading = (pool @ load_cost)[None] - (held * load_cost) @ pool.T
        through = value[:, None] + loading
        origins.append(through.argmin(axis=0))
        value = through.min(axis=0) + cost
        held = pool
    path = [int(value.argmin())]
    for origin in reversed(origins[1:]):
        path.append(int(origin[path[-1]]))
    return path[::-1], float(value.min())


def _until(budget: Budget, seconds: float) -> Budget:
    """The budget, by the same clock, but with less time if it has a limit."""
    return budget if budget.time_limit_s is None else replace(budget, time_limit_s=max(seconds, 0.0))
