"""``local-search``: feasible everywhere, close to the optimum, an honest bound, in time."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.judge import bound_holds, judge
from solvers.base import Budget, Silent
from solvers.caching.local_search import LocalSearch, cheapest_sequence, neighbours
from solvers.registry import make_solver
from tests import independent
from tests.cases import as_instance, random_document, sampled
from tests.slow import few
from tests.solvers.support import Remembering, cost_of, first_frames, solve, with_system


@pytest.mark.parametrize("seed", few(8, range(20)))
def test_feasible_and_not_below_the_optimum_on_anything(seed: int) -> None:
    document = random_document(seed, deadline=False)
    instance = as_instance(document)
    solution = solve("local-search", instance)
    verdict = judge(instance, solution)
    best = independent.optimum(document).cost
    assert verdict.violations == ()
    assert verdict.cost >= best * (1 - 1e-9)
    assert solution.lower_bound is not None
    assert bound_holds(solution.lower_bound, best)
    assert solution.status == ("optimal" if solution.lower_bound >= verdict.cost * (1 - 1e-6) else "feasible")


@pytest.mark.parametrize(
    ("family", "seeds", "worst"), [("small", 4, 5e-3), ("paper", 2, 2e-3), ("drift", 1, 2e-3), ("deadline", 1, 2e-3)]
)
def test_close_to_the_optimum(family: str, seeds: int, worst: float) -> None:
    """Never worse than the plan it starts from."""
    for seed in range(seeds):
        instance = sampled(family, seed, seed)
        found, best = cost_of("local-search", instance), cost_of("exhaustive", instance)
        assert best * (1 - 1e-9) <= found <= best * (1 + worst)
        assert found <= cost_of("milp-relaxation", instance) * (1 + 1e-9)


def test_leaves_an_empty_cache_where_the_forced_edge_hurts() -> None:
    instance = sampled("paper")
    slow = tuple(model.model_copy(update={"setup_s": 500.0}) for model in instance.models)
    instance = replace(instance, models=slow)
    instance.__dict__.pop("catalogue", None)
    assert not solve("local-search", instance).cache.any()


def test_moves_a_model_through_many_frames_at_once() -> None:
    """Loading so dear that a cache pays only if it is kept."""
    instance = with_system(sampled("drift", 1, 1), load_cost_per_gb=8.0)
    instance = first_frames(instance, 20)
    best = cost_of("exhaustive", instance)
    assert cost_of("local-search", instance) <= best * (1 + 2e-3)
    assert best < cost_of("none", instance)


def test_catalogues_beyond_any_enumeration() -> None:
    metro = family_scenario("metro", 0)
    names = [f"{model.name}{copy}" for copy in "ab" for model in metro.models]
    models = tuple(m.model_copy(update={"name": name}) for m, name in zip(metro.models * 2, names, strict=True))
    order = tuple(range(80))
    demand = metro.demand.model_copy(update={"ranking": (order, order[::-1], order)})
    scenario = metro.model_copy(update={"models": models, "demand": demand, "users": 30, "frames": 2, "slots": 3})
    system = metro.system.model_copy(update={"step_budget": 600, "load_cost_per_gb": 0.2})
    instance = sample_instance(scenario.model_copy(update={"system": system}), 0)
    solution = solve("local-search", instance)
    verdict = judge(instance, solution)
    assert verdict.feasible
    assert solution.lower_bound is not None
    assert solution.lower_bound <= verdict.cost <= 1.01 * solution.lower_bound


@pytest.mark.parametrize("limit_s", [0.0, 0.2, 0.6])
def test_keeps_to_its_time_limit_and_leaves_time_to_allocate(limit_s: float) -> None:
    instance = first_frames(sampled("metro"), 6)
    solve("local-search", sampled("tiny"))
    started = time.monotonic()
    solution = make_solver("local-search").solve(instance, Budget(limit_s), Silent())
    assert time.monotonic() - started < limit_s + 1.0
    assert judge(instance, solution).feasible


def test_bounds_only_rise_and_hold() -> None:
    instance, report = first_frames(sampled("deadline", 1, 0), 4), Remembering()
    plan = LocalSearch().plan(instance, Budget(), report)
    assert report.bounds == sorted(report.bounds)
    assert plan.lower_bound == report.bounds[-1]
    assert bound_holds(report.bounds[-1], cost_of("exhaustive", instance))


def test_repeats_itself() -> None:
    instance = sampled("drift", 2, 0)
    first, second = (LocalSearch().plan(instance, Budget(), Silent()) for _ in range(2))
    assert (first.cache == second.cache).all()
    assert first.lower_bound == second.lower_bound


def test_neighbours_are_one_move_away_and_fit() -> None:
    size = np.array([1.0, 2.0, 3.0, 4.0])
    cache = np.array([True, False, True, False])
    found = {tuple(row) for row in neighbours(cache, size, 5.0)}
    every = itertools.product((False, True), repeat=4)
    moved = {row: [int(new) - int(old) for new, old in zip(row, cache, strict=True)] for row in every}
    allowed = {(0,), (1,), (-1,), (-1, 1)}
    expected = {
        row
        for row, change in moved.items()
        if tuple(sorted(filter(None, change))) in allowed - {(0,)} and any(change) and np.array(row) @ size <= 5.0
    }
    assert found == expected


def test_the_cheapest_sequence_is_that_of_an_enumeration() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        pools = [rng.random((rng.integers(1, 5), 4)) < 0.5 for _ in range(4)]
        costs = [rng.random(len(pool)) for pool in pools]
        load_cost = rng.random(4) * 0.3

        def total(path: tuple[int, ...], pools: Any = pools, costs: Any = costs, load_cost: Any = load_cost) -> float:
            caches = np.array([pool[place] for pool, place in zip(pools, path, strict=True)])
            before = np.concatenate([np.zeros((1, 4), dtype=bool), caches[:-1]])
            loading = ((caches & ~before) @ load_cost).sum()
            return float(loading + sum(cost[place] for cost, place in zip(costs, path, strict=True)))

        path, value = cheapest_sequence(pools, costs, load_cost)
        assert value == pytest.approx(total(tuple(path)))
        every = itertools.product(*(range(len(pool)) for pool in pools))
        assert value == pytest.approx(min(map(total, every)))


@pytest.mark.parametrize("settings", [{"breadth": 0}, {"patience": 0}, {"turns": -1}])
def test_settings_are_checked(settings: dict[str, Any]) -> None:
    name, value = next(iter(settings.items()))
    with pytest.raises(ValueError, match=f"^{name}: {value}; must be >= "):
        LocalSearch(**settings)
