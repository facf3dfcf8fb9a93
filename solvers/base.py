"""What a solver is: its interface, capabilities and budget, and the stream of what it finds.

A solver is a frozen dataclass: its fields are its settings, its docstring says what it guarantees.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self

import numpy as np

from problems.episode import FrameView, Slots, rollout_caching
from problems.instance import Instance
from problems.prices import Prices
from problems.solution import Solution
from problems.status import Tier
from solvers.learnt import Learnt as Learnt


class Unsuitable(Exception):
    """The solver does not take this instance; the text says why."""


class NotInstalled(Exception):
    """A part that the solver needs is not installed; the text is the command that installs it."""


@dataclass(frozen=True)
class Capabilities:
    """What a solver promises."""

    tier: Tier
    exact: bool = False
    """Its answer comes with a proof of optimality wherever no deadline couples the budgets."""
    exact_with_deadline: bool = False
    """The same with a deadline."""
    gives_bound: bool = False
    """It states a certified lower bound."""
    honours_limits: bool = False
    """It returns its best answer by itself when the time limit has passed."""
    takes_start: bool = False
    """It improves on the start of its budget."""
    needs_training: bool = False


@dataclass(frozen=True)
class Budget:
    """What one solve is given: limits, None for no limit, a seed and a start. The clock starts with the budget."""

    time_limit_s: float | None = None
    memory_limit_gb: float | None = None
    seed: int = 0
    start: Solution | None = field(default=None, repr=False)
    """Feasible decisions to improve on, for solvers that promise to take one; others pass over it."""
    started: float = field(default_factory=time.monotonic, repr=False)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the budget was made."""
        return time.monotonic() - self.started

    @property
    def remaining_s(self) -> float:
        """Seconds left; infinite without a limit, never negative."""
        return float("inf") if self.time_limit_s is None else max(0.0, self.time_limit_s - self.elapsed_s)

    @property
    def expired(self) -> bool:
        """Whether the time limit has passed."""
        return self.remaining_s == 0.0


class Report(Protocol):
    """Where a running solver streams what it finds, so that a kill loses nothing."""

    def incumbent(self, solution: Solution) -> None:
        """A feasible solution better than those before."""
        ...

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """A certified lower bound on J higher than those before, with the prices that prove it or the most of it."""
        ...

    def learnt(self, record: Learnt) -> None:
        """An agent that the solve makes use of, told once; the costs of several add up."""
        ...


class Silent:
    """A report that nobody reads; reports that hear something extend it."""

    def incumbent(self, solution: Solution) -> None:
        """Dropped."""

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """Dropped."""

    def learnt(self, record: Learnt) -> None:
        """Dropped."""


class Solver(ABC):
    """Answers the whole programme."""

    @property
    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What this solver promises."""

    @abstractmethod
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """Decisions with ``lower_bound`` and ``status``; a function of the instance, the settings and ``budget.seed``.

        Raises Unsuitable or NotInstalled where it cannot even try.
        """


@dataclass(frozen=True, eq=False)
class Plan:
    """The caches of a whole trace."""

    cache: np.ndarray
    """(T, M) bool."""
    lower_bound: float | None = None
    """A certified lower bound on J over all solutions, or None."""
    complete: bool = True
    """False where the time limit cut the search short."""
    prices: Prices | None = None
    """Prices of a Lagrangian bound, where the strategy has them: a proof that anyone can recompute."""


class CachingStrategy(ABC):
    """Chooses the caches; knows the whole trace (hindsight)."""

    tier: ClassVar[Tier] = "hindsight"
    exact: ClassVar[bool] = False
    """Its caches are optimal, with proof, for exact allocation without a coupling deadline."""
    exact_with_deadline: ClassVar[bool] = False
    gives_bound: ClassVar[bool] = False
    honours_limits: ClassVar[bool] = True
    """It stops planning, with feasible caches, when the time limit has passed."""
    needs_training: ClassVar[bool] = False

    @abstractmethod
    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Feasible caches for every frame. Raises Unsuitable."""


class OnlineCaching(CachingStrategy):
    """Chooses each frame's cache from what is known at the frame's start."""

    @abstractmethod
    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool that fits the cache."""

    def seeded(self, seed: int) -> Self:
        """The strategy with its randomness fixed; the strategy itself where it has none."""
        return self

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """The caches that :meth:`choose` gives along the trace; once the time is up, the last one is kept."""
        cache = rollout_caching(self.seeded(budget.seed), instance, self.tier, stop=lambda: budget.expired)
        return Plan(cache, complete=not budget.expired)


class AllocationStrategy(ABC):
    """Splits bandwidth and steps within slots, many at once."""

    tier: ClassVar[Tier] = "online-model-free"
    """Within a slot nothing is hidden, so an allocation restricts no tier."""
    exact: ClassVar[bool] = False
    """Its rows are optimal (relative 1e-9) where no deadline couples the budgets."""
    exact_with_deadline: ClassVar[bool] = False
    honours_limits: ClassVar[bool] = True
    needs_training: ClassVar[bool] = False

    @abstractmethod
    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) float and steps (B, N) int, feasible in every row; rows are independent."""

    def seeded(self, seed: int) -> Self:
        """The strategy with its randomness fixed; the strategy itself where it has none."""
        return self
