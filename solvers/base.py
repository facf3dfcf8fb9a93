"""What a solver is: its interface, capabilities and budget, and the stream of what it finds.

A solver is a frozen dataclass: its fields are its settings, its docstring says what it guarantees.
"""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self

import numpy as np

from problems.episode import FrameView, Slots, rollout_caching
from problems.instance import Instance
from problems.io.errors import shorten
from problems.prices import Prices
from problems.solution import Solution
from problems.status import Tier
from solvers.learning_curve import LearningCurve


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


@dataclass(frozen=True)
class Learnt:
    """What a learner brings to a solve, and what that has cost. Raises ValueError for what no store can keep."""

    agent: str
    """SHA-256 of the checkpoint's content."""
    training_cpu_s: float
    """CPU seconds of the whole training, whoever waited for it."""
    environment_steps: int
    """Slots of single traces that it was trained on."""
    updates: int
    """Gradient steps, of all its networks together."""
    whole: bool
    """Whether the training came to its planned end, and no time limit cut it short."""
    traces: str
    """SHA-256 of the digests of its training traces, of which the trace to be solved is none."""
    spent_s: float
    """Wall seconds of this solve that went into training, waiting for a training or loading the agent."""
    curve: LearningCurve | None = None
    """How it fared in the course of the training; None where nobody measured."""

    def __post_init__(self) -> None:
        for names, fits, allowed in (
            (("agent", "traces"), _is_text, "text"),
            (("training_cpu_s", "spent_s"), _is_duration, "a finite number >= 0"),
            (("environment_steps", "updates"), _is_count, "a whole number >= 0 and < 2**63"),
            (("whole",), _is_truth, "True or False"),
            (("curve",), _is_curve, "a LearningCurve or None"),
        ):
            for name in names:
                value = getattr(self, name)
                if not fits(value):
                    raise ValueError(f"{name}: {shorten(value)}; must be {allowed}")

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The record from its JSON object. Raises KeyError, TypeError or ValueError for what is none."""
        curve = document["curve"]
        return cls(**{**document, "curve": None if curve is None else LearningCurve.of(curve)})


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= sys.float_info.max


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_curve(value: object) -> bool:
    return value is None or isinstance(value, LearningCurve)


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

    def beside(self, allocation: AllocationStrategy) -> Self:
        """The strategy as a part of a pair: itself, unless it learns together with such an allocation strategy."""
        return self


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
    """It is prepared, if it must be, before the time limit has passed."""
    needs_training: ClassVar[bool] = False

    @abstractmethod
    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) float and steps (B, N) int, feasible in every row; rows are independent."""

    def seeded(self, seed: int) -> Self:
        """The strategy with its randomness fixed; the strategy itself where it has none."""
        return self

    def prepared(self, instance: Instance, budget: Budget, report: Report) -> AllocationStrategy:
        """The strategy ready for slots of the instance's scenario, such as trained on it; itself where it always is.

        The trace is not to be looked at. Raises Unsuitable.
        """
        return self
