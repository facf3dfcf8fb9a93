"""``greedy-benefit``: what a request saves, and what is taken by it."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from problems.episode import FrameView, frame_views
from problems.instance import Instance
from solvers.caching.greedy_benefit import GreedyBenefit, saving_of_a_request
from tests import independent
from tests.cases import Document, as_instance, random_document, sampled
from tests.solvers.support import plan, with_system


def first_view(instance: Instance) -> FrameView:
    return next(iter(frame_views(instance, np.zeros((instance.frames, len(instance.models))))))


@cache
def mean_of_log_uniform(bounds: tuple[float, float]) -> float:
    """By the midpoint rule over the logarithm."""
    low, high = map(math.log, bounds)
    points = 20_000
    return math.fsum(math.exp(low + (high - low) * (i + 0.5) / points) for i in range(points)) / points


def saving(document: Document, m: int) -> float:
    """The cost of an average request in the cloud, less that at the edge at best quality, by the plain formulas."""
    system, model = document["system"], document["models"][m]
    ranges = [document["demand"].get(key, [0.5, 10.0]) for key in ("input_mb", "output_mb")]
    request = independent.Request(model, m, 1e-10, *(mean_of_log_uniform(tuple(ends)) for ends in ranges))
    steps = max(1, math.ceil(model["steps_high"]))
    cost = []
    for s in (0, steps):
        seconds, tv = independent.generation(system, request, s)
        cost.append(system["latency_weight"] * seconds + (1 - system["latency_weight"]) * system["tv_to_s"] * tv)
    return cost[0] - cost[1]


@pytest.mark.parametrize("seed", range(8))
def test_the_saving_is_cloud_less_edge_at_best_quality(seed: int) -> None:
    document = random_document(seed)
    if seed % 2:
        document["demand"].update(input_mb=[0.1, 90.0], output_mb=[4.0, 4.0])
    found = saving_of_a_request(first_view(as_instance(document)))
    assert found == pytest.approx([saving(document, m) for m in range(4)], rel=1e-7)


@pytest.mark.parametrize("seed", range(8))
def test_takes_the_greatest_benefit_per_gigabyte_first(seed: int) -> None:
    document = random_document(seed, shape=(6, 2, 4), models=6)
    document["system"]["load_cost_per_gb"] = (0.0, 0.2, 1.0)[seed % 3]
    instance = as_instance(document)
    sizes = [model["size_gb"] for model in document["models"]]
    expected_requests = 2 * 4 * document["demand"]["activity"]
    before: set[int] = set()
    for state, held in zip(document["trace"]["state"], plan("greedy-benefit", instance).cache, strict=True):
        skew, rank = document["demand"]["skew"][state], document["demand"]["ranking"][state]
        weights = [(place + 1) ** -skew for place in range(6)]
        benefit = {}
        for m in range(6):
            share = weights[rank.index(m)] / sum(weights)
            loading = 0.0 if m in before else document["system"]["load_cost_per_gb"] * sizes[m]
            benefit[m] = (expected_requests * share * saving(document, m) - loading) / sizes[m]
        room, taken = document["system"]["cache_gb"], set()
        for m in sorted(benefit, key=lambda m: -benefit[m]):
            if benefit[m] > 0 and sizes[m] <= room:
                taken.add(m)
                room -= sizes[m]
        assert set(np.flatnonzero(held)) == taken
        before = taken


def test_where_latency_is_worth_nothing_no_model_is_worth_loading() -> None:
    assert not plan("greedy-benefit", with_system(sampled("drift"), latency_weight=0.0)).cache.any()


def test_where_loading_is_dear_nothing_is_loaded_and_what_is_held_is_kept() -> None:
    instance = with_system(sampled("drift"), load_cost_per_gb=1e6)
    assert not plan("greedy-benefit", instance).cache.any()
    held = np.zeros((instance.frames, 10), dtype=bool)
    held[0, :2] = True
    views = frame_views(instance, held)
    next(views)
    kept = GreedyBenefit().choose(next(views))
    assert set(np.flatnonzero(kept)) <= {0, 1}
    assert kept.any()


def test_a_model_slower_at_the_edge_than_in_the_cloud_is_left_out() -> None:
    document = random_document(0)
    document["system"].update(latency_weight=0.5, load_cost_per_gb=0.0, cache_gb=1e3)
    document["models"][2].update(cloud_s=0.0, setup_s=1e3)
    cache = plan("greedy-benefit", as_instance(document)).cache
    assert not cache[:, 2].any()
