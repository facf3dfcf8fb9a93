"""Caching by the linear relaxation of the mixed-integer programme, rounded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import fill_in_order
from problems.episode import slots_of
from problems.instance import Instance
from solvers.base import Budget, CachingStrategy, Plan, Report
from solvers.frame.linear_program import ROUNDING, Backend, BoxOptimum, solve_box
from solvers.frame.relaxation import CachingData, budget_prices, caching_programme
from solvers.slot.bandwidth import optimal_bandwidth

TIE_DIGITS = 6
"""LP values that agree to so many decimals are equal, whichever solver they come from."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """A plan from the LP relaxation and the prices of its rows, 0 where an LP was not solved in time."""

    plan: Plan
    steps_price: np.ndarray
    """(T, K): cost a step."""
    loading_price: np.ndarray
    """(T, M): cost of holding a model not held before."""


@dataclass(frozen=True)
class MilpRelaxation(CachingStrategy):
    """The LP relaxation of caches and step envelopes by PuLP; its value is a certified lower bound on J.

    Frames are programmes of their own unless loading costs. The bound is made of the LP's prices by weak
    duality, so that it holds whatever the solver's tolerances are, and of the certified least air
    time; of lateness it counts what would be left if every user had the whole band. The caches are
    rounded: models in decreasing order of their LP value, then of benefit a GB, are taken while they
    fit. They are always feasible, without a guarantee of how good. Where the time limit passes, the
    frames left are filled by benefit a GB and there is no bound.
    """

    gives_bound = True

    backend: Backend = "highs"
    """Solver of the linear programmes: HiGHS, or CBC."""
    threshold: float = 0.0
    """Models with an LP value below this are left out, in [0, 1]; with 0 spare room is filled too."""

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise ValueError(f"threshold: {self.threshold}; must be in [0, 1]")

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Caches and bound."""
        return self.relax(instance, budget).plan

    def relax(self, instance: Instance, budget: Budget) -> Relaxation:
        """Caches and bound, and the prices that the bound rests on."""
        steps_price = np.zeros((instance.frames, instance.slots))
        loading_price = np.zeros((instance.frames, len(instance.models)))
        data = CachingData.of(instance)
        cache = _by_benefit(instance, data.benefit)
        total = data.cloud_cost + _least_air_cost(instance)
        for frames in _blocks(instance):
            optimum = self._solve(instance, data, frames, budget)
            if optimum is None:
                return Relaxation(Plan(cache, complete=False), steps_price, loading_price)
            total += optimum.lower_bound
            rows = slice(frames.start, frames.stop)
            steps_price[rows], loading_price[rows] = budget_prices(instance, frames, optimum.prices)
            value = optimum.x[: cache[rows].size].reshape(cache[rows].shape)
            cache[rows] = self._rounded(instance, value, data.benefit[rows])
        bound = (total - ROUNDING * abs(total)) / max(instance.active_requests, 1)
        plan = Plan(cache, lower_bound=max(bound, 0.0))  # no cost is negative
        return Relaxation(plan, steps_price, loading_price)

    def _solve(self, instance: Instance, data: CachingData, frames: range, budget: Budget) -> BoxOptimum | None:
        if budget.expired:
            return None
        programme = caching_programme(instance, data, frames)
        return solve_box(programme, self.backend, None if budget.time_limit_s is None else budget.remaining_s)

    def _rounded(self, instance: Instance, value: np.ndarray, benefit: np.ndarray) -> np.ndarray:
        """(T, M) bool from the LP values and the benefits (T, M)."""
        size, system = instance.catalogue.size_gb, instance.system
        value = np.round(value, TIE_DIGITS)
        # In spare room a model does no harm that pays for its loading, unless its requests are forced to the edge.
        harmless = (benefit > system.load_cost_per_gb * size) & (not system.forced_edge)
        wanted = (value >= self.threshold) & ((value > 0) | harmless)
        return _filled(instance, np.lexsort((-benefit / size, -value)), wanted)


def _blocks(instance: Instance) -> list[range]:
    """Frames that have to be planned together."""
    if instance.system.load_cost_per_gb > 0:
        return [range(instance.frames)]
    return [range(t, t + 1) for t in range(instance.frames)]


def _least_air_cost(instance: Instance) -> float:
    """A lower bound on what air time costs in the whole trace, whatever is cached."""
    nothing = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    return float(optimal_bandwidth(slots_of(instance, nothing))[1].sum())


def _by_benefit(instance: Instance, benefit: np.ndarray) -> np.ndarray:
    """(T, M) bool: the models with a benefit in order of benefit a GB; the same all along where loading costs."""
    size, price = instance.catalogue.size_gb, instance.system.load_cost_per_gb
    if price > 0:
        benefit = np.tile(benefit.sum(axis=0) - price * size, (instance.frames, 1))
    return _filled(instance, np.argsort(-benefit / size, axis=1, kind="stable"), benefit > 0)


def _filled(instance: Instance, order: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(T, M) bool: in each frame the ``wanted`` models (T, M) in ``order`` (T, M), while they fit."""
    size, capacity = instance.catalogue.size_gb, instance.system.cache_gb
    rows = zip(order, wanted, strict=True)
    return np.array([fill_in_order(models[row[models]], size, capacity) for models, row in rows])
