"""``random``: full caches, by chance and by seed."""

from __future__ import annotations

import pytest

from solvers.caching.random import RandomCaching
from tests.cases import sampled
from tests.solvers.support import plan


def test_it_repeats_itself_and_differs_by_seed_and_frame() -> None:
    instance = sampled("drift")
    first, second = plan("random", instance, 1).cache, plan("random", instance, 2).cache
    assert (first == plan("random", instance, 1).cache).all()
    assert (first != second).any()
    assert len({frame.tobytes() for frame in first}) > 10


def test_it_fills_what_it_can() -> None:
    """No model is left out that would still fit."""
    instance = sampled("small")
    size, capacity = instance.catalogue.size_gb, instance.system.cache_gb
    for held in plan("random", instance, 3).cache:
        assert (size[held].sum() + size[~held] > capacity).all()


def test_it_holds_every_model_now_and_then() -> None:
    assert plan("random", sampled("drift"), 0).cache.any(axis=0).all()


def test_traces_of_one_seed_differ_in_their_caches() -> None:
    first, second = plan("random", sampled("drift", 0, 0), 1).cache, plan("random", sampled("drift", 0, 1), 1).cache
    assert (first[0] == second[0]).all()
    assert (first[1:] != second[1:]).any(axis=1).sum() > len(first) / 2


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed: -1; must be >= 0"):
        RandomCaching(seed=-1)
