"""The caches of frames as a linear programme: its segments, its value and its prices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from problems.episode import slots_of
from problems.instance import Instance
from solvers.frame.relaxation import CachingData, budget_prices, caching_programme, falling_segments, fits_alone
from solvers.slot.steps import optimal_steps
from tests.cases import as_instance, random_document


@pytest.mark.parametrize("seed", range(20))
def test_segments_are_the_falling_part_of_the_lower_envelope(seed: int) -> None:
    """Against the definition: the least mean of two points with the wanted mean steps, or of fewer."""
    rng = np.random.default_rng(seed)
    steps, cost = np.sort(rng.integers(0, 12, (1, 5)), axis=1), rng.uniform(0, 10, (1, 5))
    lengths, slopes = falling_segments(steps, cost)
    start = cost[0, 0]
    ties = steps[0] == steps[0, 0]
    cost[0, ties] = start
    for s in range(int(steps[0, 0]), 12):
        room, value = s - steps[0, 0], start
        for length, slope in zip(lengths[0], slopes[0], strict=True):
            value += slope * min(length, room)
            room -= min(length, room)
        assert value == pytest.approx(envelope(steps[0], cost[0], s))


def envelope(steps: np.ndarray, cost: np.ndarray, s: int) -> float:
    """The least cost of a mix of two points with at most ``s`` steps on average."""
    best = min(float(c) for x, c in zip(steps, cost, strict=True) if x <= s)
    for (x, c), (y, d) in itertools.product(zip(steps, cost, strict=True), repeat=2):
        if x <= s < y:
            best = min(best, float(c + (d - c) * (s - x) / (y - x)))
    return best


def small(seed: int, loading: bool) -> Instance:
    return as_instance(random_document(seed, shape=(2, 2, 3), models=3, deadline=False, loading=loading))


def value_of(instance: Instance, data: CachingData, cache: np.ndarray | None) -> float:
    """The programme's value by another solver, with its shares of the cache fixed at ``cache`` (T, M) if given."""
    programme = caching_programme(instance, data, range(instance.frames))
    box = np.stack([np.zeros_like(programme.upper), programme.upper], axis=1)
    if cache is not None:
        box[: cache.size] = cache.ravel()[:, None]
    found = linprog(programme.cost, A_ub=programme.matrix, b_ub=programme.limit, bounds=box)
    assert found.status == 0
    return float(found.fun) + data.cloud_cost


@pytest.mark.parametrize("loading", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_at_whole_caches_it_is_the_envelope_bound_of_every_slot_and_the_loading(seed: int, loading: bool) -> None:
    """And no cache costs less than the programme."""
    instance = small(seed, loading)
    data, size = CachingData.of(instance), instance.catalogue.size_gb
    relaxed = value_of(instance, data, None)
    for held in itertools.product((False, True), repeat=3):
        cache = np.array([held, held[::-1]])
        if (cache @ size > instance.system.cache_gb).any():
            continue
        bound = optimal_steps(slots_of(instance, cache))[2].sum()
        before = np.concatenate([np.zeros((1, 3), dtype=bool), cache[:-1]])
        loaded = instance.system.load_cost_per_gb * ((cache & ~before) @ size).sum()
        assert value_of(instance, data, cache) == pytest.approx(bound + loaded, rel=1e-9)
        assert relaxed <= (bound + loaded) * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_what_a_model_is_worth_at_most_is_what_it_saves_alone_with_all_steps(seed: int) -> None:
    instance = small(seed, loading=False)
    roomy = as_instance(instance.document | {"system": {**instance.document["system"], "step_budget": 10_000}})
    data = CachingData.of(roomy)
    nothing = np.zeros((2, 3), dtype=bool)
    cloud = optimal_steps(slots_of(roomy, nothing))[1].reshape(2, 2).sum(axis=1)
    assert cloud.sum() == pytest.approx(data.cloud_cost, rel=1e-12)
    for m in range(3):
        alone = nothing.copy()
        alone[:, m] = True
        cost = optimal_steps(slots_of(roomy, alone))[2].reshape(2, 2).sum(axis=1)
        assert data.benefit[:, m] == pytest.approx(cloud - cost, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("loading", [False, True])
def test_prices_of_rows_are_told_apart(loading: bool) -> None:
    instance = small(1, loading)
    programme = caching_programme(instance, CachingData.of(instance), range(2))
    rows = np.arange(len(programme.limit), dtype=float)
    steps, loaded = budget_prices(instance, range(2), rows)
    assert (programme.limit[steps.astype(int)] == instance.system.step_budget).all()
    assert steps.shape == (2, 2)
    assert loaded.shape == (2, 3)
    if loading:
        first = programme.matrix[loaded.astype(int)[0]].toarray()
        assert (first.sum(axis=1) == 0).all()
        assert (np.abs(first).sum(axis=1) == 2).all()
    else:
        assert not loaded.any()


def test_a_model_larger_than_the_cache_fits_nowhere() -> None:
    assert fits_alone(np.array([1.0, 4.0, 4.0 * (1 + 2e-9), 5.0]), 4.0).tolist() == [True, True, False, False]
