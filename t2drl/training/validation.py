"""How good an agent is on traces that it does not train on, in per cent above the exact answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from problems.episode import rollout_caching, slots_of
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.judge import judge, optimality_gap
from problems.scenario import Scenario
from problems.seeds import VALIDATION_SEEDS
from problems.solution import Solution
from solvers.allocation.exact import ExactAllocation
from solvers.base import AllocationStrategy, Budget, Silent, Unsuitable
from solvers.caching.exhaustive import Exhaustive
from t2drl.agent import Agent, LearntAllocation
from t2drl.training.loop import Training
from t2drl.world.scenarios import validation_scenarios

TRACES = 4
"""In all: of a specialist's scenario, or one of every other scenario of a generalist's family."""
OTHER_SCENARIOS = 4


@dataclass(frozen=True)
class Gaps:
    """Mean gaps in per cent."""

    both: float
    """Learnt caches and allocations, over the optimum in hindsight."""
    allocation: float
    """Learnt allocations, over exact ones under the same caches."""


class Validation:
    """Fixed traces with their optima in hindsight, which no online policy can be expected to reach."""

    def __init__(self, scenarios: Sequence[Scenario], traces: int = TRACES) -> None:
        """``traces`` of every scenario."""
        places = [(at, VALIDATION_SEEDS + number) for at in scenarios for number in range(traces)]
        self.instances = [sample_instance(scenario, seed) for scenario, seed in places]
        self.scenarios = [scenario for scenario, _ in places]
        self.optima = [_optimum(instance) for instance in self.instances]

    def gaps(self, agent: Agent) -> Gaps:
        """What the agent loses on the traces, together and by its allocations alone."""
        allocation, both, split = agent.allocation(), [], []
        for scenario, instance, optimum in zip(self.scenarios, self.instances, self.optima, strict=True):
            caching = agent.caching(scenario)
            cache = rollout_caching(caching, instance, caching.tier)
            cost = _cost(instance, cache, allocation)
            both.append(optimality_gap(cost, optimum))
            split.append(optimality_gap(cost, _cost(instance, cache, ExactAllocation())))
        return Gaps(100.0 * float(np.mean(both)), 100.0 * float(np.mean(split)))


def validation_of(training: Training) -> Validation | None:
    """The validation that tells how a training goes, or None where the optimum cannot be found.

    On other traces of a specialist's scenario; on other scenarios of a generalist's family.
    """
    first, several = training.scenarios[0], len(training.scenarios) > 1
    try:
        if several:
            return Validation(validation_scenarios(first.family, OTHER_SCENARIOS), TRACES // OTHER_SCENARIOS)
        return Validation((first,))
    except Unsuitable:
        return None


def _optimum(instance: Instance) -> float:
    """The least cost that any caches and allocations have."""
    return _cost(instance, Exhaustive().plan(instance, Budget(), Silent()).cache, ExactAllocation())


def _cost(instance: Instance, cache: np.ndarray, allocation: AllocationStrategy | LearntAllocation) -> float:
    bandwidth, steps = allocation.allocate(slots_of(instance, cache))
    shape = instance.trace.request.shape
    return judge(instance, Solution(cache, bandwidth.reshape(shape), steps.reshape(shape))).cost
