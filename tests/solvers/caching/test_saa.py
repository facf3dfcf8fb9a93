"""``saa``: what its costs and bound are, and what its local search finds."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest

from problems.caches import feasible_masks, mask_to_cache
from problems.episode import frame_views
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.judge import judge
from solvers.base import Budget, Silent
from solvers.caching.saa import SampleAverage, Search, frames_ahead, state_samples
from solvers.frame.belief import state_belief
from tests.cases import sampled
from tests.solvers.support import cost_of, drawn_scenario, solve, with_demand, with_system

FRAMES = np.array([0.4, 1.6])


@cache
def search_and_caches(seed: int) -> tuple[Search, np.ndarray]:
    """A search over frames of two states, and all feasible caches (F, M)."""
    scenario = drawn_scenario(seed)
    load_cost = scenario.system.load_cost_per_gb * scenario.catalogue.size_gb
    size, capacity = scenario.catalogue.size_gb, scenario.system.cache_gb
    search = Search(state_samples(scenario, 3, 0), FRAMES, size, capacity, load_cost)
    return search, mask_to_cache(feasible_masks(size, capacity)[0], len(size))


@pytest.mark.parametrize("seed", range(4))
def test_costs_and_bounds_are_those_of_the_states_by_their_frames_and_the_loading(seed: int) -> None:
    search, caches = search_and_caches(seed)
    for held in caches[:: max(len(caches) // 8, 1)]:
        costs = [sample.cost(held) for sample in search.samples]
        assert search.cost(held) == pytest.approx(FRAMES @ costs + search.load_cost @ held, rel=1e-12)
        constant, price = search.relaxed(held)
        parts = [sample.relaxed(held) for sample in search.samples]
        assert constant == pytest.approx(FRAMES @ [fixed for fixed, _ in parts], rel=1e-12)
        saving = sum(frames * saved for frames, (_, saved) in zip(FRAMES, parts, strict=True))
        assert price == pytest.approx(search.load_cost - saving, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_the_search_ends_where_no_move_helps(seed: int) -> None:
    search, caches = search_and_caches(seed)
    for start in (caches[0], caches[-1], search.filled()):
        found = search.improved(start)
        assert search.cost(found) <= search.cost(start)
        for other in caches:
            more, less = int((other & ~found).sum()), int((found & ~other).sum())
            if more <= 1 and less <= 1:
                assert search.cost(other) >= search.cost(found) * (1 - 1e-9)


def test_neighbours_are_all_feasible_adds_drops_and_swaps() -> None:
    search, caches = search_and_caches(3)
    held = caches[len(caches) // 2]
    near = {row.tobytes() for row in search._neighbours(held)}
    expected = {
        other.tobytes()
        for other in caches
        if (other != held).any() and (other & ~held).sum() <= 1 and (held & ~other).sum() <= 1
    }
    assert near == expected


@pytest.mark.parametrize("seed", range(4))
def test_the_search_finds_nearly_the_best_cache(seed: int) -> None:
    scenario = family_scenario("drift", seed)
    size, capacity = scenario.catalogue.size_gb, scenario.system.cache_gb
    load_cost = scenario.system.load_cost_per_gb * size
    search = Search(state_samples(scenario, 3, 0), np.array([2.0, 0.5, 0.5]), size, capacity, load_cost)
    caches = mask_to_cache(feasible_masks(size, capacity)[0], len(size))
    best = min(map(search.cost, caches))
    found = min(search.cost(search.improved(start)) for start in (caches[0], search.filled()))
    assert best * (1 - 1e-9) <= found <= 1.002 * best


@pytest.mark.parametrize("observed", [True, False])
def test_the_frames_ahead_are_those_of_all_paths(observed: bool) -> None:
    instance = with_demand(sampled("drift", 0, 0), state_observed=observed)
    transition = instance.demand.transition
    views = itertools.islice(frame_views(instance, np.zeros((instance.frames, 10), dtype=bool)), 3)
    for view in views:
        expected, belief = np.zeros(3), state_belief(view)
        for path in itertools.product(range(3), repeat=3):
            chance = belief[path[0]] * transition[path[0]][path[1]] * transition[path[1]][path[2]]
            for state in path:
                expected[state] += chance
        assert frames_ahead(view, 3) == pytest.approx(expected)


def caches_of(instance: Instance, seed: int = 0, **settings: int) -> np.ndarray:
    return SampleAverage(**settings).plan(instance, Budget(seed=seed), Silent()).cache


@pytest.mark.parametrize("observed", [True, False])
def test_is_feasible_and_between_hindsight_and_chance(observed: bool) -> None:
    instance = with_demand(sampled("drift", 1, 0), state_observed=observed)
    verdict = judge(instance, solve("saa", instance, samples=4))
    best, random = cost_of("exhaustive", instance), cost_of("random", instance)
    assert verdict.feasible
    assert best <= verdict.cost * (1 + 1e-9)
    assert verdict.cost - best < 0.3 * (random - best)


def test_equal_seeds_give_equal_caches_and_samples_are_not_mixed_up() -> None:
    instance = sampled("small", 2, 0)
    first = caches_of(instance, seed=1, samples=2)
    caches_of(instance, seed=2, samples=2)
    state_samples.cache_clear()
    assert (caches_of(instance, seed=1, samples=2) == first).all()


def test_where_loading_is_dear_nothing_is_loaded_and_what_is_held_may_stay() -> None:
    instance = with_system(sampled("drift", 1, 0), load_cost_per_gb=1e6)
    assert not caches_of(instance, samples=2).any()
    held = np.zeros((instance.frames, 10), dtype=bool)
    held[0, :2] = True
    views = frame_views(instance, held)
    next(views)
    kept = SampleAverage(samples=2).choose(next(views))
    assert set(np.flatnonzero(kept)) <= {0, 1}
    assert kept.any()


def test_a_longer_look_ahead_loads_more_where_loading_takes_frames_to_pay() -> None:
    instance = sampled("drift", 1, 0)
    dear = with_system(instance, load_cost_per_gb=5 * instance.system.load_cost_per_gb)
    loaded = [int(caches_of(dear, samples=4, horizon=horizon)[0].sum()) for horizon in (1, 3, 8)]
    assert loaded == sorted(loaded)
    assert loaded[0] < loaded[-1]


def test_with_free_loading_the_horizon_does_not_matter() -> None:
    instance = sampled("small", 1, 0)
    assert (caches_of(instance, horizon=1) == caches_of(instance, horizon=4)).all()


def test_takes_catalogues_too_large_to_enumerate() -> None:
    scenario = family_scenario("metro", 0).model_copy(update={"frames": 2, "slots": 2})
    instance = sample_instance(scenario, 0)
    verdict = judge(instance, solve("saa", instance, samples=1))
    assert verdict.feasible
    assert verdict.cost < min(cost_of(name, instance) for name in ("random", "greedy-popularity"))


def test_a_deadline_is_planned_for() -> None:
    instance = sampled("deadline", 0, 0)
    best, found, cloud = (cost_of(name, instance) for name in ("exhaustive", "saa", "none"))
    assert found - best < 0.3 * (cloud - best)


@pytest.mark.parametrize(("field", "value"), [("samples", 0), ("horizon", 0), ("seed", -1)])
def test_refuses_settings_out_of_range(field: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{field}: {value}; must be >= "):
        SampleAverage(**{field: value})
