"""The best answer so far to one instance, and what is proved of it."""

from __future__ import annotations

import numpy as np

from problems.caches import fill_in_order
from problems.episode import slots_of
from problems.instance import Instance
from problems.judge import judge
from problems.solution import Solution
from problems.status import Status
from solvers.allocation.exact import ExactAllocation
from solvers.base import Report
from solvers.slot.late_bandwidth import late_bandwidth

CLOSED = 5e-7
"""Relative: a search ends when its bound is so close; a claim of optimality allows 1e-6."""


class Search:
    """Keeps and reports the best of what is offered. Costs and bounds here are sums: J times the active requests."""

    def __init__(self, instance: Instance, start: Solution, report: Report) -> None:
        self.instance = instance
        self.requests = max(instance.active_requests, 1)
        self.best = start
        self.cost = judge(instance, start).cost * self.requests
        self.bound = -np.inf if start.lower_bound is None else start.lower_bound * self.requests
        self._report = report
        self._tried: set[bytes] = set()

    def offer(self, found: Solution) -> None:
        """Take the caches of ``found``, cut to what fits, with the exact allocation, or its own steps if better."""
        size, room = self.instance.catalogue.size_gb, self.instance.system.cache_gb
        cache = np.array([fill_in_order(np.flatnonzero(held), size, room) for held in found.cache])
        slots = slots_of(self.instance, cache)
        shape = found.steps.shape
        if cache.tobytes() not in self._tried:
            self._tried.add(cache.tobytes())
            bandwidth, steps = ExactAllocation().allocate(slots)
            self._keep(Solution(cache, bandwidth.reshape(shape), steps.reshape(shape)))
        if self.instance.system.couples_budgets:
            bandwidth = late_bandwidth(slots, found.steps.reshape(slots.request.shape))
            self._keep(Solution(cache, bandwidth.reshape(shape), found.steps))

    def _keep(self, found: Solution) -> None:
        verdict = judge(self.instance, found)
        if verdict.feasible and verdict.cost * self.requests < self.cost:
            self.best, self.cost = found, verdict.cost * self.requests
            self._report.incumbent(found)

    def prove(self, bound: float) -> None:
        """Take a certified lower bound."""
        if bound > self.bound:
            self.bound = bound
            self._report.bound(bound / self.requests)

    @property
    def gap(self) -> float:
        """What is left between cost and bound, relative to the cost."""
        return (self.cost - self.bound) / self.cost if self.cost > 0 else 0.0

    @property
    def closed(self) -> bool:
        """Whether cost and bound agree."""
        return self.gap <= CLOSED

    def answer(self, complete: bool) -> Solution:
        """The best solution with what is proved."""
        bound = None if self.bound == -np.inf else self.bound / self.requests
        status: Status = "optimal" if self.closed and bound is not None else "feasible" if complete else "timeout"
        return Solution(self.best.cache, self.best.bandwidth, self.best.steps, bound, status)
