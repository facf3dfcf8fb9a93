"""Strategies that must learn a scenario before they can answer for it.

Such a strategy makes an agent, by training or from a file, and the agent makes a strategy that answers. The two halves
of a pair share one agent where they ask for the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from typing import Any, ClassVar, Self

from problems.instance import Instance
from problems.status import Tier
from solvers.base import AllocationStrategy, Budget, OnlineCaching, Report


class Untrained(ABC):
    """What such strategies of both timescales have in common."""

    exact: ClassVar[bool] = False
    exact_with_deadline: ClassVar[bool] = False
    gives_bound: ClassVar[bool] = False
    honours_limits: ClassVar[bool] = False
    needs_training: ClassVar[bool] = True

    @abstractmethod
    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""

    @property
    @abstractmethod
    def agent_key(self) -> Hashable:
        """What decides the agent beside the scenario: of two halves of a pair with equal keys one trains for both."""

    @abstractmethod
    def train(self, instance: Instance, budget: Budget, report: Report) -> Any:
        """An agent for the instance's scenario, never trained on its trace; ``report.learnt`` is told what it cost.

        Raises Unsuitable.
        """


class UntrainedCaching(Untrained):
    """Chooses caches online, once it has learnt."""

    tier: ClassVar[Tier] = "online-model-free"

    def paired_with(self, allocation: AllocationStrategy | UntrainedAllocation) -> Self:
        """The strategy as a half of a pair; itself, unless it learns together with such an allocation strategy."""
        return self

    @abstractmethod
    def trained(self, agent: Any, instance: Instance) -> OnlineCaching:
        """The strategy of an agent that :meth:`train` gave, for the instance's scenario. Raises Unsuitable."""


class UntrainedAllocation(Untrained):
    """Splits bandwidth and steps, once it has learnt."""

    tier: ClassVar[Tier] = "online-model-free"

    @abstractmethod
    def trained(self, agent: Any) -> AllocationStrategy:
        """The strategy of an agent that :meth:`train` gave. Raises Unsuitable."""
