"""``saa``: what its costs and bound are, and what its local search finds."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from problems.caches import mask_to_cache
from problems.episode import frame_views
from problems.families.drawn import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.judge import judge
from problems.scenario import Scenario
from solvers.base import Budget, Silent
from solvers.caching.saa import SampleAverage, Search, frames_ahead, state_samples
from solvers.frame.belief import state_belief
from solvers.frame.sampled_frames import sampled_frames
from solvers.frame.stage_costs import listed_masks, stage_costs
from tests.cases import as_instance, random_document, sampled
from tests.solvers.support import cost_of, solve, with_system
from tests.solvers.test_caching import other_future


def drawn_scenario(seed: int) -> Scenario:
    """Of a hand-made document: idle users, deadlines, a forced edge, loading costs."""
    instance = as_instance(random_document(seed, shape=(3, 2, 4), models=5))
    return Scenario(
        family="drawn",
        frames=instance.frames,
        slots=instance.slots,
        users=instance.users,
        models=instance.models,
        system=instance.system,
        demand=instance.demand,
    )


FRAMES = np.array([0.4, 1.6])


def search_and_costs(scenario: Scenario, frames: np.ndarray, samples: int = 3) -> tuple[Search, np.ndarray, np.ndarray]:
    """A search, all feasible caches (F, M), and their exact costs (F,), loading from nothing included."""
    load_cost = scenario.system.load_cost_per_gb * scenario.catalogue.size_gb
    total = 0.0
    for state, weight in enumerate(frames):
        instance = sampled_frames(scenario, np.full(samples, state), "state-sample", 0, state)
        masks = listed_masks(instance)[0]
        stages = stage_costs(instance, masks, Budget())
        assert stages is not None
        total = total + weight * stages.cost.mean(axis=0)
    caches = mask_to_cache(masks, len(scenario.models))
    size, capacity = scenario.catalogue.size_gb, scenario.system.cache_gb
    search = Search(state_samples(scenario, samples, 0), frames, size, capacity, load_cost)
    return search, caches, total + caches @ load_cost


@pytest.mark.parametrize("seed", range(10))
def test_a_cost_is_the_weighted_mean_of_exact_costs_and_loading(seed: int) -> None:
    scenario = drawn_scenario(seed)
    search, caches, costs = search_and_costs(scenario, FRAMES)
    found = [search.cost(cache) for cache in caches]
    assert found == pytest.approx(costs, rel=2e-3 if scenario.system.couples_budgets else 1e-11)


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_lies_below_every_cache_and_close_to_the_one_it_is_made_for(seed: int) -> None:
    scenario = drawn_scenario(seed)
    search, caches, costs = search_and_costs(scenario, FRAMES)
    for cache, cost in zip(caches, costs, strict=True):
        constant, price = search.relaxed(cache)
        assert (constant + caches @ price <= costs + 1e-9 * np.abs(costs)).all()
        if not scenario.system.couples_budgets:
            assert constant + cache @ price > 0.8 * cost


@pytest.mark.parametrize("seed", range(10))
def test_the_search_ends_where_no_move_helps(seed: int) -> None:
    scenario = drawn_scenario(seed)
    search, caches, _ = search_and_costs(scenario, FRAMES)
    for start in (caches[0], caches[-1], search.filled()):
        found = search.improved(start)
        assert search.cost(found) <= search.cost(start)
        for other in caches:
            more, less = int((other & ~found).sum()), int((found & ~other).sum())
            if more <= 1 and less <= 1:
                assert search.cost(other) >= search.cost(found) * (1 - 1e-9)


def test_neighbours_are_all_feasible_adds_drops_and_swaps() -> None:
    scenario = drawn_scenario(3)
    search, caches, _ = search_and_costs(scenario, FRAMES)
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
    search, caches, costs = search_and_costs(scenario, np.array([2.0, 0.5, 0.5]))
    best = costs.min()
    found = min(search.cost(search.improved(start)) for start in (caches[0], search.filled()))
    assert best * (1 - 1e-9) <= found <= 1.002 * best


@pytest.mark.parametrize("observed", [True, False])
def test_the_frames_ahead_are_those_of_all_paths(observed: bool) -> None:
    instance = sampled("drift", 0, 0) if observed else hidden(sampled("drift", 0, 0))
    transition = instance.demand.transition
    views = itertools.islice(frame_views(instance, np.zeros((instance.frames, 10), dtype=bool)), 3)
    for view in views:
        expected, belief = np.zeros(3), state_belief(view)
        for path in itertools.product(range(3), repeat=3):
            chance = belief[path[0]] * transition[path[0]][path[1]] * transition[path[1]][path[2]]
            for state in path:
                expected[state] += chance
        assert frames_ahead(view, 3) == pytest.approx(expected)


def hidden(instance: Instance) -> Instance:
    return dataclasses.replace(instance, demand=instance.demand.model_copy(update={"state_observed": False}))


def caches_of(instance: Instance, seed: int = 0, **settings: int) -> np.ndarray:
    return SampleAverage(**settings).plan(instance, Budget(seed=seed), Silent()).cache


@pytest.mark.parametrize("observed", [True, False])
def test_is_feasible_and_between_hindsight_and_chance(observed: bool) -> None:
    instance = sampled("drift", 1, 0) if observed else hidden(sampled("drift", 1, 0))
    verdict = judge(instance, solve("saa", instance, samples=4))
    best, random = cost_of("exhaustive", instance), cost_of("random", instance)
    assert verdict.feasible
    assert best <= verdict.cost * (1 + 1e-9)
    assert verdict.cost - best < 0.3 * (random - best)


@pytest.mark.parametrize("observed", [True, False])
def test_never_depends_on_the_future(observed: bool) -> None:
    instance = sampled("small", 1, 0) if observed else hidden(sampled("small", 1, 0))
    instance = with_system(instance, load_cost_per_gb=0.1)
    whole = caches_of(instance)
    for frame in (0, 1, 5, 9):
        assert (caches_of(other_future(instance, frame, frame))[: frame + 1] == whole[: frame + 1]).all()


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
