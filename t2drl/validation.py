"""How good an agent is on traces that it does not train on, in per cent above the exact answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import rollout_caching, slots_of
from problems.instance import Instance
from problems.judge import judge, optimality_gap
from problems.sampling import sample_instance
from problems.scenario import Scenario
from problems.solution import Solution
from solvers.allocation.exact import ExactAllocation
from solvers.base import AllocationStrategy, Budget, CachingStrategy, Silent, Unsuitable
from solvers.caching.exhaustive import Exhaustive
from solvers.caching.online_optimal import OnlineOptimal
from t2drl.agent import Agent, LearntAllocation
from t2drl.traces import VALIDATION_SEEDS

TRACES = 8


@dataclass(frozen=True)
class Gaps:
    """Mean gaps in per cent."""

    both: float
    """Learnt caches and allocations, over the best known answer that sees what the agent sees, or more."""
    allocation: float
    """Learnt allocations, over exact ones under the same caches."""


class Validation:
    """Fixed traces of a scenario with their reference: the best online caches, exactly allocated.

    Where the states are hidden the reference is the optimum in hindsight.
    """

    def __init__(self, scenario: Scenario, traces: int = TRACES) -> None:
        self.scenario = scenario
        self.instances = [sample_instance(scenario, VALIDATION_SEEDS + number) for number in range(traces)]
        best: CachingStrategy = OnlineOptimal() if scenario.demand.state_observed else Exhaustive()
        self.reference = [self._planned(best, instance) for instance in self.instances]

    def _planned(self, caching: CachingStrategy, instance: Instance) -> float:
        return _cost(instance, caching.plan(instance, Budget(), Silent()).cache, ExactAllocation())

    def gaps(self, agent: Agent) -> Gaps:
        """What the agent loses on the traces, together and by its allocations alone."""
        caching, allocation = agent.caching(self.scenario), agent.allocation()
        both, split = [], []
        for instance, reference in zip(self.instances, self.reference, strict=True):
            cache = rollout_caching(caching, instance, "online-model-free")
            cost = _cost(instance, cache, allocation)
            both.append(optimality_gap(cost, reference))
            split.append(optimality_gap(cost, _cost(instance, cache, ExactAllocation())))
        return Gaps(100.0 * float(np.mean(both)), 100.0 * float(np.mean(split)))


def validation_of(scenario: Scenario) -> Validation | None:
    """The validation of a scenario, or None where there is no reference for it."""
    try:
        return Validation(scenario)
    except Unsuitable:
        return None


def _cost(instance: Instance, cache: np.ndarray, allocation: AllocationStrategy | LearntAllocation) -> float:
    bandwidth, steps = allocation.allocate(slots_of(instance, cache))
    shape = instance.trace.request.shape
    return judge(instance, Solution(cache, bandwidth.reshape(shape), steps.reshape(shape))).cost
