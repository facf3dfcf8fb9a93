"""What the tests of solvers share: solving by name, changed instances, slots, and a report that remembers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from problems.episode import Slots, slots_of
from problems.instance import Instance, Trace
from problems.judge import Verdict, judge
from problems.prices import Prices
from problems.scenario import Scenario
from problems.solution import Solution
from solvers.base import Budget, Learnt, Plan, Report, Silent
from solvers.registry import find_part, make_solver
from t2drl.world.traces import scenario_of
from tests.cases import TRACE, as_instance, random_document

BUSY_S = 5.0
"""What a busy machine may add to a time limit."""


def solve(name: str, instance: Instance, seed: int = 0, report: Report | None = None, **settings: Any) -> Solution:
    """The answer of a named solver without a time limit."""
    return make_solver(name, settings).solve(instance, Budget(seed=seed), report or Silent())


def cost_of(name: str, instance: Instance, seed: int = 0) -> float:
    """The judged cost of a named solver's answer, which must be feasible."""
    verdict = judge(instance, solve(name, instance, seed))
    assert verdict.violations == (), name
    return verdict.cost


def plan(name: str, instance: Instance, seed: int = 0) -> Plan:
    """The caches of a named caching strategy without a time limit."""
    caching: Any = find_part(name)()
    planned: Plan = caching.plan(instance, Budget(seed=seed), Silent())
    return planned


def with_system(instance: Instance, **changes: object) -> Instance:
    """The instance with other system parameters."""
    return dataclasses.replace(instance, system=instance.system.model_copy(update=changes))


def with_demand(instance: Instance, **changes: object) -> Instance:
    """The instance with another demand process, the trace as it is."""
    return dataclasses.replace(instance, demand=instance.demand.model_copy(update=changes))


def silent(instance: Instance) -> Instance:
    """The instance with a trace in which nobody asks for anything."""
    request = np.full_like(instance.trace.request, -1)
    return dataclasses.replace(instance, trace=dataclasses.replace(instance.trace, request=request))


def other_future(instance: Instance, frame: int, seed: int) -> Instance:
    """The same until ``frame`` begins: its state is known then, its requests and all that follows are not."""
    rng = np.random.default_rng(seed)
    trace, changed = instance.trace, {}
    for name in TRACE:
        array = getattr(trace, name).copy()
        drawn = rng.integers(-1, len(instance.models), array.shape) if name == "request" else rng.permuted(array)
        array[frame:] = drawn[frame:]
        changed[name] = array
    state = trace.state.copy()
    state[frame + 1 :] = rng.integers(0, len(instance.demand.skew), len(state))[frame + 1 :]
    return dataclasses.replace(instance, trace=dataclasses.replace(trace, state=state, **changed))


def first_frames(instance: Instance, count: int) -> Instance:
    """The instance with its trace cut short."""
    fields = {field.name: getattr(instance.trace, field.name)[:count] for field in dataclasses.fields(Trace)}
    return dataclasses.replace(instance, trace=Trace(**fields))


def drawn_scenario(seed: int) -> Scenario:
    """Of a hand-made document: idle users, deadlines, a forced edge, loading costs."""
    return scenario_of(as_instance(random_document(seed, shape=(3, 2, 4), models=5)))


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
