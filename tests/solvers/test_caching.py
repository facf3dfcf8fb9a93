"""What must hold of every caching strategy, whatever it decides by."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from problems.episode import rollout_caching
from problems.instance import Instance
from problems.scenario import Demand
from solvers.base import Budget, CachingStrategy, OnlineCaching, Plan, Silent
from solvers.registry import find_part, listed
from tests.cases import LEARNERS, as_instance, random_document, sampled
from tests.solvers.support import first_frames, with_system

CACHING = [entry.name for entry in listed() if entry.kind == "caching" and entry.name not in LEARNERS]
ONLINE = [name for name in CACHING if issubclass(find_part(name), OnlineCaching)]
HINDSIGHT = [name for name in CACHING if name not in ONLINE]
MODEL_FREE = [name for name in ONLINE if find_part(name).tier == "online-model-free"]
TRACE = ("request", "gain", "input_mb", "output_mb")


def strategy(name: str) -> Any:
    return find_part(name)()


def plan(name: str, instance: Instance, seed: int = 0) -> Plan:
    caching: CachingStrategy = strategy(name)
    return caching.plan(instance, Budget(seed=seed), Silent())


def check_fits(instance: Instance, cache: np.ndarray) -> None:
    assert cache.shape == (instance.frames, len(instance.models))
    assert np.isin(cache, (0, 1)).all()
    assert (cache @ instance.catalogue.size_gb <= instance.system.cache_gb * (1 + 1e-9)).all()


@pytest.mark.parametrize("name", CACHING)
@pytest.mark.parametrize("seed", range(5))
def test_every_cache_fits(name: str, seed: int) -> None:
    instance = as_instance(random_document(seed, models=2 + seed, idle=(0.0, 0.3, 0.9)[seed % 3]))
    check_fits(instance, plan(name, instance).cache)


@pytest.mark.parametrize("name", CACHING)
@pytest.mark.parametrize("models", [1, 4])
def test_nothing_is_held_where_there_is_no_room(name: str, models: int) -> None:
    instance = with_system(as_instance(random_document(1, models=models)), cache_gb=0.0)
    assert not plan(name, instance).cache.any()


@pytest.mark.parametrize("name", CACHING)
def test_with_room_for_all(name: str) -> None:
    """Exactly as much as all models take; who fills the cache without looking at worth, takes all of them."""
    instance = as_instance(random_document(2))
    roomy = with_system(instance, cache_gb=sum(model.size_gb for model in instance.models))
    cache = plan(name, roomy).cache
    check_fits(roomy, cache)
    if name in ("random", "greedy-popularity"):
        assert cache.all()


@pytest.mark.parametrize("name", CACHING)
@pytest.mark.parametrize("room", [0.999, 1.0])
def test_a_catalogue_of_one_model(name: str, room: float) -> None:
    instance = as_instance(random_document(3, models=1))
    tight = with_system(instance, cache_gb=room * instance.models[0].size_gb)
    check_fits(tight, plan(name, tight).cache)
    if room < 1:
        assert not plan(name, tight).cache.any()


@pytest.mark.parametrize("name", CACHING)
def test_a_trace_without_requests(name: str) -> None:
    instance = sampled("tiny")
    silent = dataclasses.replace(instance.trace, request=np.full_like(instance.trace.request, -1))
    check_fits(instance, plan(name, dataclasses.replace(instance, trace=silent)).cache)


@pytest.mark.parametrize("name", CACHING)
def test_equal_seeds_give_equal_caches(name: str) -> None:
    instance = sampled("small", 0, 1)
    assert (plan(name, instance, seed=4).cache == plan(name, instance, seed=4).cache).all()


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


@pytest.mark.parametrize("name", ONLINE)
@pytest.mark.parametrize("observed", [True, False])
def test_an_online_strategy_never_depends_on_the_future(name: str, observed: bool) -> None:
    known = first_frames(sampled("drift", 1, 2), 12)
    instance = dataclasses.replace(known, demand=known.demand.model_copy(update={"state_observed": observed}))
    whole = plan(name, instance, seed=3).cache
    for frame in (0, 1, 5, 11):
        changed = plan(name, other_future(instance, frame, frame), seed=3).cache
        assert (changed[: frame + 1] == whole[: frame + 1]).all()


@pytest.mark.parametrize("name", ["lru", "lfu"])
def test_the_future_of_that_test_is_another_one(name: str) -> None:
    instance = sampled("drift", 1, 2)
    assert (plan(name, other_future(instance, 5, 5)).cache != plan(name, instance).cache).any()


@pytest.mark.parametrize("name", ONLINE)
def test_a_hidden_state_stays_hidden(name: str) -> None:
    known = first_frames(sampled("drift", 1, 2), 12)
    instance = dataclasses.replace(known, demand=known.demand.model_copy(update={"state_observed": False}))
    other = dataclasses.replace(instance.trace, state=(instance.trace.state + 1) % 3)
    assert (plan(name, dataclasses.replace(instance, trace=other)).cache == plan(name, instance).cache).all()


@pytest.mark.parametrize("name", MODEL_FREE)
def test_a_model_free_strategy_does_not_use_the_demand_process(name: str) -> None:
    instance = sampled("drift", 1, 2)
    other = Demand(
        transition=((0.5, 0.5), (0.1, 0.9)),
        skew=(0.1, 3.0),
        ranking=(tuple(range(10)), tuple(reversed(range(10)))),
        activity=0.2,
        state_observed=False,
    )
    assert (plan(name, dataclasses.replace(instance, demand=other)).cache == plan(name, instance).cache).all()


def test_tiers_are_those_of_the_interface() -> None:
    """Who sees the whole trace says so; who does not, may not say so."""
    assert {find_part(name).tier for name in HINDSIGHT} == {"hindsight"}
    assert {find_part(name).tier for name in ONLINE} == {"online-model-based", "online-model-free"}
    assert set(MODEL_FREE) >= {"none", "random", "lru", "lfu"}
    assert {"static", "exhaustive"} <= set(HINDSIGHT)


@pytest.mark.parametrize("name", ONLINE)
def test_a_plan_is_the_rollout_of_its_choices(name: str) -> None:
    instance = sampled("small", 2, 0)
    caching: OnlineCaching = strategy(name).seeded(5)
    assert (plan(name, instance, seed=5).cache == rollout_caching(caching, instance)).all()


def test_none_holds_nothing() -> None:
    assert not plan("none", sampled("small")).cache.any()


def test_random_repeats_itself_and_differs_by_seed_and_frame() -> None:
    instance = sampled("drift")
    first, second = plan("random", instance, 1).cache, plan("random", instance, 2).cache
    assert (first == plan("random", instance, 1).cache).all()
    assert (first != second).any()
    assert len({frame.tobytes() for frame in first}) > 10


def test_random_fills_what_it_can() -> None:
    """No model is left out that would still fit."""
    instance = sampled("small")
    size, capacity = instance.catalogue.size_gb, instance.system.cache_gb
    for held in plan("random", instance, 3).cache:
        assert (size[held].sum() + size[~held] > capacity).all()


def test_random_holds_every_model_now_and_then() -> None:
    assert plan("random", sampled("drift"), 0).cache.any(axis=0).all()


def test_greedy_popularity_takes_the_most_popular_that_fit() -> None:
    instance = sampled("drift", 2, 0)
    popularity, size = instance.demand.popularity, instance.catalogue.size_gb
    for state, held in zip(instance.trace.state, plan("greedy-popularity", instance).cache, strict=True):
        room, expected = instance.system.cache_gb, set()
        for m in sorted(range(10), key=lambda m: -popularity[state, m]):
            if size[m] <= room * (1 + 1e-9):
                expected.add(m)
                room -= size[m]
        assert set(np.flatnonzero(held)) == expected
