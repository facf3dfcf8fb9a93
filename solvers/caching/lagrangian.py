"""Lagrangian relaxation of both budgets and of loading: a bound for any size, with its prices as proof."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from problems.caches import fill_in_order
from problems.certificates.bound import Relaxed, relaxed
from problems.episode import slots_of
from problems.instance import Instance
from problems.judge import judge
from problems.prices import Prices
from problems.solution import Solution
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, CachingStrategy, Plan, Report
from solvers.caching.milp_relaxation import MilpRelaxation, Relaxation
from solvers.frame.band_prices import band_prices
from solvers.slot.bandwidth import optimal_bandwidth

PATIENCE = 8
"""Turns without a bound that is better by the relative ``GAIN`` after which the stride is halved."""
GAIN = 1e-6
SHORTEST_STRIDE = 1e-3
CLOSE = 1e-9
"""The search ends when the bound is this close to the best cost, relatively."""


@dataclass(frozen=True)
class Lagrangian(CachingStrategy):
    """A certified lower bound for instances of any size, and the better of two roundings of caches.

    The bound is the Lagrangian one of :mod:`problems.certificates.bound`: prices of steps and bandwidth in every
    slot and of loading in every frame, raised by subgradients with Polyak's stride (Fisher, The Lagrangian
    relaxation method, 1981). Lateness is inside it. The caches are those of ``milp-relaxation`` or
    those that the prices favour, whichever the exact allocation makes cheaper.
    """

    gives_bound = True

    turns: int = 150
    """Most subgradient steps, >= 0."""

    def __post_init__(self) -> None:
        if self.turns < 0:
            raise ValueError(f"turns: {self.turns}; must be >= 0")

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Caches, bound and the prices of the best Lagrangian bound: its proof. Streams every better bound."""
        first = MilpRelaxation().relax(instance, budget)
        plan = first.plan
        # Without time left there is no search that needs it.
        upper = math.inf if budget.expired else exact_cost(instance, plan.cache)
        bound = plan.lower_bound or 0.0
        best = start = first_prices(instance, first)
        for better in self.search(instance, start, upper, budget):
            best, bound = better, max(bound, better[1].bound)
            report.bound(bound, best[0])
        prices, answer = best
        if budget.expired:
            return Plan(plan.cache, lower_bound=bound, complete=plan.complete, prices=prices)
        other = _rounded(instance, answer.cache)
        cache = other if exact_cost(instance, other) < upper else plan.cache
        return Plan(cache, lower_bound=bound, complete=plan.complete, prices=prices)

    def search(
        self, instance: Instance, start: tuple[Prices, Relaxed], upper: float, budget: Budget
    ) -> Iterator[tuple[Prices, Relaxed]]:
        """``start``, then better and better prices and what they give; ``upper`` is the cost of a feasible solution."""
        prices, now = start
        yield prices, now
        if not instance.system.couples_budgets:
            return  # the LP's prices are the best already
        best, best_prices, stride, idle = now, prices, 1.0, 0
        for _ in range(self.turns):
            if budget.expired or stride < SHORTEST_STRIDE or best.bound >= upper * (1 - CLOSE):
                return
            prices = _moved(instance, prices, now, max(upper - now.bound, 0.0) * stride)
            now = relaxed(instance, prices)
            if now.bound > best.bound:
                gained = (now.bound - best.bound) / max(abs(best.bound), 1e-300)
                best, best_prices, idle = now, prices, idle if gained < GAIN else 0
                yield prices, now
            idle += 1
            if idle >= PATIENCE:
                prices, now, stride, idle = best_prices, best, stride / 2, 0


def first_prices(instance: Instance, first: Relaxation) -> tuple[Prices, Relaxed]:
    """The LP's prices of steps and loading, with the best of a few prices of the band."""
    system = instance.system
    band = _band_prices(instance)
    extremes = [1.0]
    if system.couples_budgets and system.latency_weight > 0:
        late = 1 + system.late_penalty / system.latency_weight
        extremes += [float(np.sqrt(late)), late]
    most = system.load_cost_per_gb * instance.catalogue.size_gb
    tried = [Prices(first.steps_price, band * extreme, np.minimum(first.loading_price, most)) for extreme in extremes]
    answers = [relaxed(instance, prices) for prices in tried]
    best = max(range(len(tried)), key=lambda i: answers[i].bound)
    return tried[best], answers[best]


def _band_prices(instance: Instance) -> np.ndarray:
    """(T, K)."""
    slots = slots_of(instance, np.zeros((instance.frames, len(instance.models)), dtype=bool))
    return band_prices(slots, optimal_bandwidth(slots)[0]).reshape(instance.frames, instance.slots)


def _moved(instance: Instance, prices: Prices, answer: Relaxed, distance: float) -> Prices:
    """Prices moved along the scaled subgradient so far that the bound would rise by ``distance``, were it linear."""
    system = instance.system
    most = system.load_cost_per_gb * instance.catalogue.size_gb
    held = np.concatenate([np.zeros((1, answer.cache.shape[1])), answer.cache])
    slopes = (answer.steps_used - system.step_budget, answer.band_used - 1.0, np.diff(held, axis=0))
    typical_step = max(float(prices.steps.mean()), 1e-6)
    # Without a price of lateness the price of the band is exact from the start.
    band_scale = prices.bandwidth**2 if system.couples_budgets else np.zeros_like(prices.bandwidth)
    scales = (typical_step**2 * np.ones_like(prices.steps), band_scale, np.broadcast_to(most**2, prices.loading.shape))
    steepness = sum(float((scale * slope**2).sum()) for scale, slope in zip(scales, slopes, strict=True))
    if steepness == 0:
        return prices
    length = distance * max(instance.active_requests, 1) / steepness
    steps, bandwidth, loading = (
        value + length * scale * slope
        for value, scale, slope in zip((prices.steps, prices.bandwidth, prices.loading), scales, slopes, strict=True)
    )
    return Prices(np.maximum(steps, 0.0), np.maximum(bandwidth, 1e-3 * prices.bandwidth), np.clip(loading, 0.0, most))


def _rounded(instance: Instance, share: np.ndarray) -> np.ndarray:
    """(T, M) bool from shares (T, M): the greater ones first, while they fit; none without a share."""
    size, capacity = instance.catalogue.size_gb, instance.system.cache_gb
    orders = [np.argsort(-row, kind="stable") for row in share]
    return np.array(
        [fill_in_order(order[row[order] > 0], size, capacity) for order, row in zip(orders, share, strict=True)]
    )


def exact_cost(instance: Instance, cache: np.ndarray) -> float:
    """J of caches (T, M) under the exact allocation."""
    bandwidth, steps = ExactAllocation().allocate(slots_of(instance, cache))
    shape = instance.trace.request.shape
    return judge(instance, Solution(cache, bandwidth.reshape(shape), steps.reshape(shape))).cost
