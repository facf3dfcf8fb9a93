"""A caching and an allocation strategy as one solver: what it promises, claims and keeps to under a limit."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from problems.certificates.bound import certified_bound
from problems.episode import FrameView, Slots
from problems.equal_split import equal_split
from problems.instance import Instance
from problems.judge import judge
from problems.status import Tier
from solvers.allocation.equal import EqualAllocation
from solvers.allocation.exact import ExactAllocation
from solvers.base import AllocationStrategy, Budget, CachingStrategy, OnlineCaching, Plan, Report, Silent
from solvers.caching.exhaustive import Exhaustive
from solvers.caching.lfu import LeastFrequentlyUsed
from solvers.caching.random import RandomCaching
from solvers.registry import make_solver
from solvers.two_timescale import TwoTimescale
from tests.cases import sampled
from tests.solvers.support import Remembering, first_frames, solve, with_system

TIERS: tuple[Tier, ...] = ("online-model-free", "online-model-based", "hindsight")


@pytest.mark.parametrize("name", ["lru+exact", "exhaustive+equal", "random+exact", "static"])
def test_a_limit_that_does_not_bind_changes_nothing(name: str) -> None:
    for instance in (sampled("small"), first_frames(sampled("deadline"), 3)):
        free = make_solver(name).solve(instance, Budget(seed=1), Silent())
        limited = make_solver(name).solve(instance, Budget(time_limit_s=1e6, seed=1), Silent())
        for field_name in ("cache", "bandwidth", "steps"):
            assert (getattr(free, field_name) == getattr(limited, field_name)).all()
        assert (free.status, free.lower_bound) == (limited.status, limited.lower_bound)


@dataclass(frozen=True)
class Tiered(OnlineCaching):
    def choose(self, frame: FrameView) -> np.ndarray:
        return np.zeros(len(frame.catalogue), dtype=bool)


@dataclass(frozen=True)
class TieredSplit(EqualAllocation):
    pass


@pytest.mark.parametrize(("first", "second"), list(itertools.product(range(3), repeat=2)))
def test_the_tier_is_that_of_the_more_knowing_part(first: int, second: int) -> None:
    caching = type("Caching", (Tiered,), {"tier": TIERS[first]})()
    allocation = type("Split", (TieredSplit,), {"tier": TIERS[second]})()
    assert TwoTimescale(caching, allocation).capabilities.tier == TIERS[max(first, second)]


def test_a_pair_is_exact_only_where_both_parts_are() -> None:
    assert make_solver("exhaustive").capabilities.exact
    assert not make_solver("exhaustive+equal").capabilities.exact
    assert not make_solver("lru").capabilities.exact


@dataclass(frozen=True)
class Slow(AllocationStrategy):
    """Takes its time in every call and counts the calls."""

    seconds: float
    calls: list[int] = field(default_factory=list)

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        time.sleep(self.seconds)
        self.calls.append(len(slots))
        return ExactAllocation().allocate(slots)


@pytest.mark.parametrize("forced_edge", [False, True])
def test_what_is_not_allocated_in_time_keeps_the_equal_split(forced_edge: bool) -> None:
    instance = with_system(sampled("small", 1), forced_edge=forced_edge)
    slow = Slow(0.1)
    started = time.monotonic()
    solution = TwoTimescale(LeastFrequentlyUsed(), slow).solve(instance, Budget(time_limit_s=0.25), Silent())
    assert time.monotonic() - started < 2.0
    done = len(slow.calls)
    assert 0 < done < instance.frames
    assert solution.status == "timeout"
    assert judge(instance, solution).feasible
    held = np.take_along_axis(solution.cache[:, None, :], np.maximum(instance.trace.request, 0), axis=2)
    cached = (held & instance.active).reshape(-1, 4)
    request = instance.trace.request.reshape(-1, 4)
    equal = equal_split(request, cached, instance.catalogue, instance.system.step_budget)
    rest = slice(done * instance.slots, None)
    assert (solution.bandwidth.reshape(-1, 4)[rest] == equal[0][rest]).all()
    assert (solution.steps.reshape(-1, 4)[rest] == equal[1][rest]).all()
    whole = solve("lfu+exact", instance)
    assert (solution.bandwidth[:done] == whole.bandwidth[:done]).all()


def test_what_is_found_on_the_way_is_reported() -> None:
    """Under a time limit: a feasible incumbent before the allocation, and the bound of the caching."""
    instance = sampled("small")
    report = Remembering()
    solution = make_solver("exhaustive").solve(instance, Budget(time_limit_s=60.0), report)
    assert report.bounds
    assert max(report.bounds) == solution.lower_bound
    assert report.incumbents
    for incumbent in report.incumbents:
        verdict = judge(instance, incumbent)
        assert verdict.feasible
        assert verdict.cost >= judge(instance, solution).cost


@dataclass(frozen=True)
class Claims(CachingStrategy):
    """Empty caches and a bound that may be right or wrong."""

    bound: float
    complete: bool = True

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        cache = np.zeros((instance.frames, len(instance.models)), dtype=bool)
        return Plan(cache, lower_bound=self.bound, complete=self.complete)


@pytest.mark.parametrize(
    ("factor", "complete", "status"),
    [(1.0, True, "optimal"), (1 - 5e-7, True, "optimal"), (0.999, True, "feasible"), (0.999, False, "timeout")],
)
def test_the_status_follows_from_cost_and_bound(factor: float, complete: bool, status: str) -> None:
    instance = sampled("tiny")
    cloud = judge(instance, solve("none", instance)).cost
    solution = TwoTimescale(Claims(factor * cloud, complete), ExactAllocation()).solve(instance, Budget(), Silent())
    assert solution.status == status


@dataclass(frozen=True)
class TooMuch(AllocationStrategy):
    """Hands out the band twice."""

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        bandwidth, steps = EqualAllocation().allocate(slots)
        return 2.0 * bandwidth, steps


def test_an_infeasible_answer_is_never_called_optimal() -> None:
    instance = sampled("tiny")
    solution = TwoTimescale(Exhaustive(), TooMuch()).solve(instance, Budget(), Silent())
    assert not judge(instance, solution).feasible
    assert solution.status == "feasible"


@dataclass(frozen=True)
class Returning(AllocationStrategy):
    """The equal split, changed by a function."""

    change: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        return self.change(*EqualAllocation().allocate(slots))


@pytest.mark.parametrize("limit", [None, 60.0])
def test_fractions_are_left_for_the_judge_to_refuse(limit: float | None) -> None:
    instance = sampled("small")
    half = Returning(lambda bandwidth, steps: (bandwidth, 0.5 * steps + (steps > 0) * 0.25))
    solution = TwoTimescale(LeastFrequentlyUsed(), half).solve(instance, Budget(time_limit_s=limit), Silent())
    assert {violation.rule for violation in judge(instance, solution).violations} == {"steps.fractional"}


@pytest.mark.parametrize("limit", [None, 60.0])
@pytest.mark.parametrize(
    "change", [lambda b, s: (b.T, s.T), lambda b, s: (b[:1], s[:1]), lambda b, s: (b.ravel(), s), lambda b, s: (b, 1)]
)
def test_an_answer_of_another_shape_is_an_error(limit: float | None, change: Any) -> None:
    """Neither spread over the slots nor poured into another shape."""
    pair = TwoTimescale(LeastFrequentlyUsed(), Returning(change))
    with pytest.raises(ValueError, match="array of shape"):
        pair.solve(sampled("drift"), Budget(time_limit_s=limit), Silent())


def test_the_run_s_seed_reaches_the_parts() -> None:
    instance = sampled("drift")
    pair = TwoTimescale(RandomCaching(), EqualAllocation())
    first, again, other = (pair.solve(instance, Budget(seed=seed), Silent()).cache for seed in (3, 3, 4))
    assert (first == again).all()
    assert (first != other).any()


def test_online_caching_stops_choosing_when_the_time_is_up() -> None:
    instance = sampled("drift")
    solution = make_solver("lfu").solve(instance, Budget(time_limit_s=1e-9), Silent())
    assert solution.status == "timeout"
    assert not solution.cache.any()
    assert judge(instance, solution).feasible


@pytest.mark.parametrize("allocation", ["exact", "equal"])
@pytest.mark.parametrize("caching", ["lagrangian", "branch-and-bound"])
def test_the_prices_of_a_plan_come_with_the_solution(caching: str, allocation: str) -> None:
    instance = sampled("small", 1)
    solution = solve(f"{caching}+{allocation}", instance)
    assert solution.prices is not None
    assert solution.lower_bound is not None
    assert 0.95 * solution.lower_bound < certified_bound(instance, solution.prices) <= solution.lower_bound * (1 + 1e-9)
    assert solve(f"lru+{allocation}", instance).prices is None


@dataclass(frozen=True)
class Prepared(EqualAllocation):
    """Is prepared for the instance in the way of version 0.1."""

    def prepared(self, instance: Instance, budget: Budget, report: Report) -> AllocationStrategy:
        return ExactAllocation()


def test_an_allocation_of_an_older_kind_still_works_and_is_told_what_to_define() -> None:
    instance = sampled("tiny")
    with pytest.warns(FutureWarning, match=r"Prepared\.prepared: extend .*UntrainedAllocation"):
        solution = TwoTimescale(LeastFrequentlyUsed(), Prepared()).solve(instance, Budget(), Silent())
    assert (solution.bandwidth == solve("lfu+exact", instance).bandwidth).all()
