"""``static`` against every fixed cache, judged one by one."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pytest

from problems.instance import Instance
from problems.judge import judge
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, CachingStrategy, Plan, Report, Silent, Unsuitable
from solvers.caching.static import StaticCaching
from solvers.two_timescale import TwoTimescale
from tests.cases import as_instance, random_document, sampled
from tests.solvers.support import cost_of, solve, with_system


@dataclass(frozen=True)
class Fixed(CachingStrategy):
    """A given cache in every frame."""

    held: tuple[bool, ...]

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        return Plan(np.tile(np.array(self.held), (instance.frames, 1)))


def fixed_costs(instance: Instance) -> list[float]:
    """The judged cost of every fixed cache that fits, under exact allocation."""
    costs = []
    for held in itertools.product((False, True), repeat=len(instance.models)):
        solution = TwoTimescale(Fixed(held), ExactAllocation()).solve(instance, Budget(), Silent())
        verdict = judge(instance, solution)
        if verdict.feasible:
            costs.append(verdict.cost)
    return costs


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("forced_edge", "load_cost"), [(False, 0.0), (True, 0.0), (False, 0.3), (True, 0.3)])
def test_no_fixed_cache_is_cheaper_on_tiny(seed: int, forced_edge: bool, load_cost: float) -> None:
    instance = with_system(sampled("tiny", seed), forced_edge=forced_edge, load_cost_per_gb=load_cost)
    costs = fixed_costs(instance)
    assert 1 < len(costs) < 8
    assert cost_of("static", instance) == pytest.approx(min(costs), rel=1e-11)


@pytest.mark.parametrize("seed", range(8))
def test_no_fixed_cache_is_cheaper_elsewhere_deadlines_included(seed: int) -> None:
    instance = as_instance(random_document(seed))
    assert cost_of("static", instance) == pytest.approx(min(fixed_costs(instance)), rel=1e-9)


def test_it_is_the_same_in_every_frame_and_no_better_than_the_optimum() -> None:
    for family in ("small", "drift"):
        instance = sampled(family)
        solution = solve("static", instance)
        assert (solution.cache == solution.cache[0]).all()
        assert solution.lower_bound is None
        assert cost_of("static", instance) >= cost_of("exhaustive", instance) * (1 - 1e-12)


def test_in_one_frame_it_is_the_optimum() -> None:
    for seed in range(5):
        instance = as_instance(random_document(seed, shape=(1, 4, 4), deadline=False))
        assert cost_of("static", instance) == pytest.approx(cost_of("exhaustive", instance), rel=1e-12)


def test_refuses_catalogues_too_large_to_enumerate() -> None:
    with pytest.raises(Unsuitable, match="at most 20 models"):
        solve("static", sampled("metro"))


def test_without_time_it_holds_nothing() -> None:
    plan = StaticCaching().plan(sampled("small"), Budget(time_limit_s=0.0), Silent())
    assert not plan.cache.any()
    assert not plan.complete
