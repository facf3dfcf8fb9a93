"""Halves that must learn first: who trains, for which seed, and when two halves share an agent."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pytest

from problems.instance import Instance
from problems.judge import judge
from solvers.allocation.equal import EqualAllocation
from solvers.base import AllocationStrategy, Budget, OnlineCaching, Report, Silent
from solvers.caching.random import RandomCaching
from solvers.two_timescale import TwoTimescale
from solvers.untrained import UntrainedAllocation, UntrainedCaching
from tests.cases import sampled

Log = list[tuple[str, Hashable]]
"""Who trained an agent, under which key."""


@dataclass(frozen=True)
class CachingLearner(UntrainedCaching):
    """Its agent is the seed of random caches."""

    kind: str
    log: Log
    seed: int = 0
    partner: object = None

    def seeded(self, seed: int) -> Self:
        return replace(self, seed=self.seed + seed)

    def paired_with(self, allocation: AllocationStrategy | UntrainedAllocation) -> Self:
        return replace(self, partner=type(allocation))

    @property
    def agent_key(self) -> Hashable:
        return self.kind, self.seed

    def train(self, instance: Instance, budget: Budget, report: Report) -> Any:
        self.log.append(("caching", self.agent_key))
        return {"seed": self.seed, "partner": self.partner}

    def trained(self, agent: Any, instance: Instance) -> OnlineCaching:
        return RandomCaching(seed=agent["seed"])


@dataclass(frozen=True)
class AllocationLearner(UntrainedAllocation):
    """Splits equally, and remembers whose agent told it to."""

    kind: str
    log: Log
    seed: int = 0
    agents: list[Any] = field(default_factory=list)

    def seeded(self, seed: int) -> Self:
        return replace(self, seed=self.seed + seed)

    @property
    def agent_key(self) -> Hashable:
        return self.kind, self.seed

    def train(self, instance: Instance, budget: Budget, report: Report) -> Any:
        self.log.append(("allocation", self.agent_key))
        return {"seed": self.seed}

    def trained(self, agent: Any) -> AllocationStrategy:
        self.agents.append(agent)
        return EqualAllocation()


def test_halves_with_equal_keys_share_the_agent_that_one_of_them_trains() -> None:
    log: Log = []
    pair = TwoTimescale(CachingLearner("both", log), AllocationLearner("both", log))
    instance = sampled("small")
    assert judge(instance, pair.solve(instance, Budget(seed=3), Silent())).feasible
    assert log == [("caching", ("both", 3))]


@pytest.mark.parametrize("kinds", [("one", "other"), ("one", "one")])
def test_each_solve_trains_for_its_own_seed_and_different_keys_apart(kinds: tuple[str, str]) -> None:
    log: Log = []
    allocation = AllocationLearner(kinds[1], log)
    pair = TwoTimescale(CachingLearner(kinds[0], log), allocation)
    for seed in (1, 2):
        pair.solve(sampled("small"), Budget(seed=seed), Silent())
    expected = {(kind, seed) for seed in (1, 2) for kind in kinds}
    assert {key for _, key in log} == expected
    assert len(log) == len(expected)
    assert len(allocation.agents) == 2


def test_the_caches_are_those_of_the_strategy_that_the_agent_makes() -> None:
    instance = sampled("drift")
    learner = TwoTimescale(CachingLearner("both", []), EqualAllocation())
    made = TwoTimescale(RandomCaching(seed=4), EqualAllocation())
    found, expected = (np.asarray(pair.solve(instance, Budget(seed=4), Silent()).cache) for pair in (learner, made))
    assert (found == expected).all()


def test_a_caching_learner_is_told_its_partner() -> None:
    log: Log = []
    allocation = AllocationLearner("both", log)
    TwoTimescale(CachingLearner("both", log), allocation).solve(sampled("tiny"), Budget(), Silent())
    assert allocation.agents == [{"seed": 0, "partner": AllocationLearner}]


def test_a_pair_with_a_learner_promises_training_and_no_bound() -> None:
    promised = TwoTimescale(CachingLearner("both", []), EqualAllocation()).capabilities
    assert (promised.needs_training, promised.exact, promised.gives_bound) == (True, False, False)
    assert promised.tier == "online-model-free"
