"""What must hold of any caching strategy with any allocation strategy."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from problems.episode import FrameView, Slots, rollout
from problems.instance import Instance
from problems.judge import judge
from solvers.base import AllocationStrategy, Budget, CachingStrategy, OnlineCaching, Plan, Report, Silent
from solvers.registry import find_part, make_solver
from solvers.two_timescale import TwoTimescale
from tests.cases import as_instance, random_document, sampled
from tests.conformance.parts import ALLOCATION, CACHING, ONLINE
from tests.solvers.support import with_system


def variant(number: int) -> Instance:
    """A tiny instance that differs in what makes pairs fail: idle users, forced edge, loading, deadline."""
    instance = sampled("tiny", number, number)
    request = instance.trace.request.copy()
    if number % 2:
        request[0, 0, 0] = request[1, 1] = -1
    changes: dict[str, Any] = {"forced_edge": number == 1, "load_cost_per_gb": 0.2 * number}
    if number == 2:
        changes.update(deadline_s=7.0, late_penalty=1.0)
    trace = dataclasses.replace(instance.trace, request=request)
    return with_system(dataclasses.replace(instance, trace=trace), **changes)


@dataclass(frozen=True)
class Once(CachingStrategy):
    """Plans as another strategy, and once however many pairs it is part of."""

    strategy: CachingStrategy
    plans: list[Plan] = field(default_factory=list)

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        if not self.plans:
            self.plans.append(self.strategy.plan(instance, budget, report))
        return self.plans[0]


@pytest.mark.parametrize("caching", CACHING)
@pytest.mark.parametrize("number", range(3))
def test_any_two_parts_make_a_solver(caching: str, number: int) -> None:
    instance, part = variant(number), find_part(caching)
    assert issubclass(part, CachingStrategy)
    once = Once(part())
    for allocation in ALLOCATION:
        split: Any = find_part(allocation)
        solution = TwoTimescale(once, split()).solve(instance, Budget(), Silent())
        verdict = judge(instance, solution)
        assert verdict.violations == (), allocation
        if solution.lower_bound is not None:
            assert solution.lower_bound <= verdict.cost * (1 + 1e-9), allocation
        assert solution.status == "optimal" or (allocation, caching) != ("exact", "exhaustive") or number == 2


@dataclass(frozen=True)
class Both:
    """An online caching strategy and an allocation as one online policy."""

    caching: OnlineCaching
    allocation: AllocationStrategy

    def choose(self, frame: FrameView) -> np.ndarray:
        return self.caching.choose(frame)

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        return self.allocation.allocate(slots)


@pytest.mark.parametrize("caching", ONLINE)
@pytest.mark.parametrize("allocation", ["exact", "equal"])
def test_an_online_pair_answers_as_if_played_slot_by_slot(caching: str, allocation: str) -> None:
    for instance in (sampled("small", 1), *(as_instance(random_document(4, deadline=late)) for late in (False, True))):
        solver = make_solver(f"{caching}+{allocation}")
        assert isinstance(solver, TwoTimescale)
        assert isinstance(solver.caching, OnlineCaching)
        assert isinstance(solver.allocation, AllocationStrategy)
        offline = solver.solve(instance, Budget(seed=7), Silent())
        online = rollout(Both(solver.caching.seeded(7), solver.allocation.seeded(7)), instance)
        for name in ("cache", "bandwidth", "steps"):
            assert (getattr(offline, name) == getattr(online, name)).all()


@pytest.mark.parametrize("caching", CACHING)
def test_what_a_pair_promises(caching: str) -> None:
    """Exact only where both parts are; the bound comes from the caching, whatever the allocation."""
    for allocation in ALLOCATION:
        first, second = find_part(caching), find_part(allocation)
        promised = make_solver(f"{caching}+{allocation}").capabilities
        assert promised.exact == (first.exact and second.exact)
        assert promised.gives_bound == first.gives_bound
        assert promised.exact_with_deadline == (first.exact_with_deadline and second.exact_with_deadline)


@pytest.mark.parametrize("caching", CACHING)
def test_without_any_time_there_still_is_a_feasible_answer(caching: str) -> None:
    instance = sampled("small", 2)
    for allocation in ALLOCATION:
        solution = make_solver(f"{caching}+{allocation}").solve(instance, Budget(time_limit_s=0.0), Silent())
        assert solution.status == "timeout", allocation
        assert judge(instance, solution).feasible, allocation
