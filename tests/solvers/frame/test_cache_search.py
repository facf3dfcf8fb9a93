"""The search for caches that are worth enough, against all subsets."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from solvers.frame.cache_search import caches_worth, most_worth


@pytest.mark.parametrize("seed", range(60))
def test_finds_every_cache_that_is_worth_enough(seed: int) -> None:
    rng = np.random.default_rng(seed)
    worth, size = rng.normal(1, 2, 8).round(1), rng.uniform(1, 5, 8).round(1)
    room, least = float(rng.uniform(0, 20)), float(rng.uniform(-2, 10))
    masks, values, whole = caches_worth(worth, size, room, least, 10_000)
    every = {}
    for held in itertools.product((0, 1), repeat=8):
        value = float(np.dot(held, worth))
        if np.dot(held, size) <= room and value >= least:
            every[sum(bit << m for m, bit in enumerate(held))] = value
    close = {mask for mask, value in every.items() if abs(value - least) < 1e-9}
    assert whole
    assert set(every) - close <= set(masks.tolist()) <= set(every) | close
    assert len(set(masks.tolist())) == len(masks)
    assert values.tolist() == sorted(values.tolist(), reverse=True)
    assert values == pytest.approx([every.get(mask, least) for mask in masks.tolist()])


def test_says_when_there_are_more_caches_than_asked_for() -> None:
    masks, _, whole = caches_worth(np.ones(10), np.ones(10), 10.0, 0.0, 100)
    assert len(masks) == 100
    assert not whole


@pytest.mark.parametrize("seed", range(10))
def test_the_most_worth_is_that_of_divisible_models(seed: int) -> None:
    """By a linear programme; negative worth is left out."""
    rng = np.random.default_rng(seed)
    worth, size, room = rng.normal(1, 2, 8), rng.uniform(1, 5, 8), float(rng.uniform(0, 20))
    best = linprog(-worth, A_ub=size[None], b_ub=[room], bounds=(0, 1)).fun
    assert most_worth(worth, size, room) == pytest.approx(-best, rel=1e-9, abs=1e-12)
