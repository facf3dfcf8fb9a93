"""What the tests of solvers share: solving by name, slots to allocate, and a report that remembers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from problems.episode import Slots, slots_of
from problems.instance import Instance, Trace
from problems.judge import Verdict, judge
from problems.prices import Prices
from problems.solution import Solution
from solvers.base import Budget, Learnt, Report, Silent
from solvers.registry import make_solver
from tests.cases import as_instance


def solve(name: str, instance: Instance, seed: int = 0, report: Report | None = None, **settings: Any) -> Solution:
    """The answer of a named solver without a time limit."""
    return make_solver(name, settings).solve(instance, Budget(seed=seed), report or Silent())


def cost_of(name: str, instance: Instance, seed: int = 0) -> float:
    """The judged cost of a named solver's answer, which must be feasible."""
    verdict = judge(instance, solve(name, instance, seed))
    assert verdict.violations == (), name
    return verdict.cost


def with_system(instance: Instance, **changes: object) -> Instance:
    """The instance with other system parameters."""
    return dataclasses.replace(instance, system=instance.system.model_copy(update=changes))


def first_frames(instance: Instance, count: int) -> Instance:
    """The instance with its trace cut short."""
    fields = {field.name: getattr(instance.trace, field.name)[:count] for field in dataclasses.fields(Trace)}
    return dataclasses.replace(instance, trace=Trace(**fields))


def slots_where(instance: Instance, seed: int | None = None) -> Slots:
    """All slots of the trace under one cache for all frames: everything, or each model by the toss of a coin."""
    shape = (instance.frames, len(instance.models))
    held = np.ones(shape, dtype=bool) if seed is None else np.random.default_rng(seed).random(shape) < 0.6
    return slots_of(instance, held)


def judged(slots: Slots, instance: Instance, bandwidth: np.ndarray, steps: np.ndarray) -> Verdict:
    """The verdict on allocations of ``slots_where(instance)``, capacity of the cache aside."""
    held = np.ones((instance.frames, len(instance.models)), dtype=bool)
    if not slots.cached[slots.active].all():
        raise ValueError("needs slots in which everything is cached")
    roomy = with_system(instance, cache_gb=1e9)
    shape = instance.trace.request.shape
    return judge(roomy, Solution(held, bandwidth.reshape(shape), steps.reshape(shape)))


def all_slots(document: dict[str, Any]) -> Slots:
    """The slots of a document with every model cached."""
    return slots_where(as_instance(document))


@dataclass
class Remembering:
    """A report that keeps what it is told."""

    incumbents: list[Solution] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    prices: list[Prices | None] = field(default_factory=list)
    records: list[Learnt] = field(default_factory=list)

    def incumbent(self, solution: Solution) -> None:
        """Kept, as it is now."""
        arrays = {name: getattr(solution, name).copy() for name in ("cache", "bandwidth", "steps")}
        self.incumbents.append(dataclasses.replace(solution, **arrays))

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """Kept."""
        self.bounds.append(value)
        self.prices.append(prices)

    def learnt(self, record: Learnt) -> None:
        """Kept."""
        self.records.append(record)
