"""A caching strategy and an allocation strategy make a solver: the paper's decomposition."""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from problems.episode import Slots, checked, slots_of
from problems.equal_split import equal_split
from problems.instance import Instance
from problems.judge import bound_holds, judge, proves_optimal
from problems.solution import Solution
from problems.status import Status, Tier
from solvers.base import AllocationStrategy, Budget, CachingStrategy, Capabilities, Plan, Report, Solver
from solvers.untrained import Untrained, UntrainedAllocation, UntrainedCaching

_TIERS: tuple[Tier, ...] = ("online-model-free", "online-model-based", "hindsight")
"""From the least to the most knowing."""
STREAM_EVERY_S = 1.0
PREPARED_IS_NOW = "extend solvers.untrained.UntrainedAllocation and define train and trained; gone in version 0.3"
PLANNING_SHARE = 0.7
"""Of a time limit, for the caches; what is left is for the slots, whose allocation decides the cost as much."""


@dataclass(frozen=True)
class TwoTimescale(Solver):
    """First the caches of all frames, then every slot's allocation under them.

    The caching strategy plans for an optimal allocation, in at most seven tenths of a time limit; one that learns
    learns with the allocation strategy, if that learns too.
    Streams an equal split under the planned caches first, then, at most once a second, what it has
    become while frame after frame is replaced by the allocation strategy's answer. Where the time limit
    passes, what is left keeps the equal split and the status is ``timeout``.
    """

    caching: CachingStrategy | UntrainedCaching
    allocation: AllocationStrategy | UntrainedAllocation

    @property
    def capabilities(self) -> Capabilities:
        """The tier of the more knowing part; exact where both parts are."""
        exact = self.caching.exact and self.allocation.exact
        return Capabilities(
            tier=max(self.caching.tier, self.allocation.tier, key=_TIERS.index),
            exact=exact,
            exact_with_deadline=exact and self.caching.exact_with_deadline and self.allocation.exact_with_deadline,
            gives_bound=self.caching.gives_bound,
            honours_limits=self.caching.honours_limits and self.allocation.honours_limits,
            needs_training=self.caching.needs_training or self.allocation.needs_training,
        )

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """See :meth:`solvers.base.Solver.solve`."""
        agents: dict[Hashable, Any] = {}
        plan = self._plan(instance, _for_planning(budget), report, agents)
        if plan.lower_bound is not None:
            report.bound(plan.lower_bound, plan.prices)
        bandwidth, steps, complete = self._allocate(instance, plan, budget, report, agents)
        complete = complete and plan.complete
        solution = Solution(plan.cache, bandwidth, steps)
        verdict, bound = judge(instance, solution), plan.lower_bound
        status: Status = "feasible" if complete else "timeout"
        if bound is not None and verdict.feasible and bound_holds(bound, verdict.cost):
            bound = min(bound, verdict.cost)  # it may be above by the last bits of a sum
            status = "optimal" if proves_optimal(verdict.cost, bound) else status
        return replace(solution, lower_bound=bound, status=status, prices=plan.prices)

    def _plan(self, instance: Instance, budget: Budget, report: Report, agents: dict[Hashable, Any]) -> Plan:
        caching = self.caching
        if isinstance(caching, UntrainedCaching):
            untrained = caching.paired_with(self.allocation).seeded(budget.seed)
            caching = untrained.trained(_agent(untrained, instance, budget, report, agents), instance)
        return caching.plan(instance, budget, report)

    def _ready_allocation(
        self, instance: Instance, budget: Budget, report: Report, agents: dict[Hashable, Any]
    ) -> AllocationStrategy:
        allocation = self.allocation.seeded(budget.seed)
        if isinstance(allocation, UntrainedAllocation):
            return allocation.trained(_agent(allocation, instance, budget, report, agents))
        if hasattr(allocation, "prepared"):
            warnings.warn(f"{type(allocation).__name__}.prepared: {PREPARED_IS_NOW}", FutureWarning, stacklevel=2)
            ready: AllocationStrategy = allocation.prepared(instance, budget, report)
            return ready
        return allocation

    def _allocate(
        self, instance: Instance, plan: Plan, budget: Budget, report: Report, agents: dict[Hashable, Any]
    ) -> tuple[np.ndarray, np.ndarray, bool]:
        shape = instance.trace.request.shape
        slots = slots_of(instance, plan.cache)
        bandwidth, steps = equal_split(slots.request, slots.cached, instance.catalogue, instance.system.step_budget)
        steps = steps.astype(float)
        allocation = self._ready_allocation(instance, budget, report, agents)
        told = -STREAM_EVERY_S
        for t in range(instance.frames):
            if budget.elapsed_s - told >= STREAM_EVERY_S:
                told = budget.elapsed_s
                report.incumbent(Solution(plan.cache, bandwidth.reshape(shape).copy(), steps.reshape(shape).copy()))
            if budget.expired:
                return bandwidth.reshape(shape), steps.reshape(shape), False
            rows = slice(t * instance.slots, (t + 1) * instance.slots)
            bandwidth[rows], steps[rows] = _answer(allocation, slots.take(rows))
        return bandwidth.reshape(shape), steps.reshape(shape), True


def _agent(half: Untrained, instance: Instance, budget: Budget, report: Report, agents: dict[Hashable, Any]) -> Any:
    """The agent of a half, which the other half may have asked for before."""
    if half.agent_key not in agents:
        agents[half.agent_key] = half.train(instance, budget, report)
    return agents[half.agent_key]


def _for_planning(budget: Budget) -> Budget:
    """The same clock, but less time."""
    limit_s = budget.time_limit_s
    return budget if limit_s is None else replace(budget, time_limit_s=PLANNING_SHARE * limit_s)


def _answer(allocation: AllocationStrategy, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    """What the strategy says, as it says it. Raises ValueError for arrays of another shape than the slots'."""
    bandwidth, steps = allocation.allocate(slots)
    return checked(bandwidth, slots.request.shape, "bandwidth"), checked(steps, slots.request.shape, "steps")
