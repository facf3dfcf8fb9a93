"""The independent evaluator and enumerator hold together by themselves."""

from __future__ import annotations

import itertools
import math

import pytest

from tests import independent
from tests.cases import as_instance, random_document, random_feasible


@pytest.mark.parametrize("seed", range(6))
def test_with_a_deadline_it_keeps_the_rules_and_nothing_feasible_beats_it(seed: int) -> None:
    document = random_document(seed, shape=(2, 2, 2), deadline=True)
    for model in document["models"]:
        model.update(steps_low=1.5, steps_high=5)
    best = independent.optimum(document)
    decisions = (best.cache, best.bandwidth, best.steps)
    assert independent.broken(document, *decisions) == []
    assert independent.evaluate(document, *decisions)["cost"] == pytest.approx(best.cost, rel=1e-12)
    instance = as_instance(document)
    for draw in range(40):
        solution = random_feasible(instance, draw)
        other = (solution.cache, solution.bandwidth, solution.steps)
        assert independent.evaluate(document, *other)["cost"] >= best.cost * (1 - 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_shares_with_a_deadline_beat_every_point_of_a_grid(seed: int) -> None:
    document = random_document(seed, shape=(1, 1, 2), idle=0.0, deadline=True)
    system = document["system"]
    requests = [request for *_, request in independent.active_requests(document)]
    seconds = [0.3 * system["deadline_s"], 0.8 * system["deadline_s"]]

    def cost(b: float) -> float:
        total = 0.0
        for request, share, service in zip(requests, (b, 1 - b), seconds, strict=True):
            latency = independent.air_time(system, request, share) + service
            total += system["latency_weight"] * latency
            total += system["late_penalty"] * max(0.0, latency - system["deadline_s"])
        return total

    first, second = independent.best_shares_with_a_deadline(system, requests, seconds)
    assert first + second == pytest.approx(1, abs=1e-12)
    assert cost(first) <= min(cost(i / 2000) for i in range(1, 2000)) * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_keeps_the_rules_and_is_worth_what_it_says(seed: int) -> None:
    document = random_document(seed, deadline=False)
    best = independent.optimum(document)
    decisions = (best.cache, best.bandwidth, best.steps)
    assert independent.broken(document, *decisions) == []
    assert independent.evaluate(document, *decisions)["cost"] == pytest.approx(best.cost, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_no_feasible_decisions_beat_the_optimum(seed: int) -> None:
    document = random_document(seed, deadline=False)
    best = independent.optimum(document).cost
    instance = as_instance(document)
    for draw in range(20):
        solution = random_feasible(instance, draw)
        decisions = (solution.cache, solution.bandwidth, solution.steps)
        assert independent.broken(document, *decisions) == []
        assert independent.evaluate(document, *decisions)["cost"] >= best * (1 - 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_bandwidth_beats_every_point_of_a_grid(seed: int) -> None:
    document = random_document(seed, shape=(1, 1, 2), idle=0.0)
    system = document["system"]
    requests = [request for *_, request in independent.active_requests(document)]
    first, second = independent.best_bandwidth(system, requests)
    assert first + second == pytest.approx(1, abs=1e-12)

    def air(b: float) -> float:
        return independent.air_time(system, requests[0], b) + independent.air_time(system, requests[1], 1 - b)

    assert air(first) <= min(air(i / 2000) for i in range(1, 2000)) * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_steps_beat_every_combination(seed: int) -> None:
    document = random_document(seed, shape=(1, 1, 3), idle=0.0)
    system = document["system"] | {"step_budget": 14}
    requests = [request for *_, request in independent.active_requests(document)]
    for cached in itertools.product((0, 1), repeat=3):
        cost, steps = independent.best_steps(system, requests, cached)
        assert sum(steps) <= 14
        assert cost == pytest.approx(_cheapest_by_trial(system, requests, cached), rel=1e-12)


def _cheapest_by_trial(
    system: independent.Document, requests: list[independent.Request], cached: tuple[int, ...]
) -> float:
    best = math.inf
    least = 1 if system["forced_edge"] else 0
    for steps in itertools.product(*(range(least, 15) if held else (0,) for held in cached)):
        if sum(steps) <= 14:
            cost = 0.0
            for request, s in zip(requests, steps, strict=True):
                seconds, tv = independent.generation(system, request, s)
                cost += system["latency_weight"] * seconds + (1 - system["latency_weight"]) * system["tv_to_s"] * tv
            best = min(best, cost)
    return best


@pytest.mark.parametrize("gain", [1e-18, 1e-12, 1e-6])
@pytest.mark.parametrize("b", [1e-4, 0.1, 1.0])
def test_the_marginal_gain_is_the_slope_of_the_air_time(gain: float, b: float) -> None:
    document = random_document(0)
    request = independent.Request(document["models"][0], 0, gain, 3.0, 0.0)
    h = 1e-4 * b
    slope = (
        independent.air_time(document["system"], request, b - h)
        - independent.air_time(document["system"], request, b + h)
    ) / (2 * h)
    assert independent.marginal_gain(document["system"], request, b) == pytest.approx(slope, rel=1e-6, abs=1e-300)
