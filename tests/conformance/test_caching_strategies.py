"""What must hold of every caching strategy, whatever it decides by."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from problems.episode import rollout_caching
from problems.instance import Instance
from problems.scenario import Demand
from solvers.base import OnlineCaching
from solvers.registry import find_part
from tests.cases import as_instance, random_document, sampled
from tests.conformance.parts import CACHING, HINDSIGHT, MODEL_FREE, ONLINE
from tests.solvers.support import first_frames, other_future, plan, silent, with_demand, with_system

HIDDEN = {"state_observed": False}


def check_fits(instance: Instance, cache: np.ndarray) -> None:
    assert cache.shape == (instance.frames, len(instance.models))
    assert np.isin(cache, (0, 1)).all()
    assert (cache @ instance.catalogue.size_gb <= instance.system.cache_gb * (1 + 1e-9)).all()


@pytest.mark.parametrize("name", CACHING)
@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize(("models", "idle", "forced_edge"), [(2, 0.0, True), (4, 0.3, False), (6, 0.9, True)])
def test_every_cache_fits(name: str, deadline: bool, models: int, idle: float, forced_edge: bool) -> None:
    shape = (3, 2, 2) if deadline else (3, 2, 3)
    document = random_document(
        models, shape=shape, models=models, idle=idle, deadline=deadline, forced_edge=forced_edge
    )
    instance = as_instance(document)
    check_fits(instance, plan(name, instance).cache)


@pytest.mark.parametrize("name", CACHING)
@pytest.mark.parametrize("models", [1, 4])
def test_nothing_is_held_where_there_is_no_room(name: str, models: int) -> None:
    instance = with_system(as_instance(random_document(1, shape=(2, 2, 2), models=models)), cache_gb=0.0)
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
    instance = as_instance(random_document(3, shape=(2, 2, 2), models=1))
    tight = with_system(instance, cache_gb=room * instance.models[0].size_gb)
    cache = plan(name, tight).cache
    check_fits(tight, cache)
    if room < 1:
        assert not cache.any()


@pytest.mark.parametrize("name", CACHING)
def test_a_trace_without_requests(name: str) -> None:
    instance = silent(sampled("tiny"))
    check_fits(instance, plan(name, instance).cache)


@pytest.mark.parametrize("name", CACHING)
def test_equal_seeds_give_equal_caches(name: str) -> None:
    instance = sampled("small", 0, 1)
    assert (plan(name, instance, seed=4).cache == plan(name, instance, seed=4).cache).all()


@pytest.mark.parametrize("name", ONLINE)
@pytest.mark.parametrize("observed", [True, False])
def test_an_online_strategy_never_depends_on_the_future(name: str, observed: bool) -> None:
    instance = with_demand(first_frames(sampled("drift", 1, 2), 12), state_observed=observed)
    whole = plan(name, instance, seed=3).cache
    for frame in (0, 4, 11):
        changed = plan(name, other_future(instance, frame, frame), seed=3).cache
        assert (changed[: frame + 1] == whole[: frame + 1]).all()


@pytest.mark.parametrize("name", ["lru", "lfu"])
def test_the_future_of_that_test_is_another_one(name: str) -> None:
    instance = sampled("drift", 1, 2)
    assert (plan(name, other_future(instance, 5, 5)).cache != plan(name, instance).cache).any()


@pytest.mark.parametrize("name", ONLINE)
def test_a_hidden_state_stays_hidden(name: str) -> None:
    instance = with_demand(first_frames(sampled("drift", 1, 2), 12), **HIDDEN)
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
        **HIDDEN,
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
    part: Any = find_part(name)
    caching: OnlineCaching = part().seeded(5)
    assert (plan(name, instance, seed=5).cache == rollout_caching(caching, instance)).all()
