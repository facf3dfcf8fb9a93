"""The integer steps of a slot against dynamic programming in plain Python."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from problems.scenario import Catalogue
from solvers.slot.costs import service_costs
from solvers.slot.steps import StepCosts, StepOptions, optimal_steps
from tests import independent
from tests.cases import as_instance, random_document, sampled
from tests.solvers.slot.array_steps import array_steps
from tests.solvers.slot.knapsack import cheapest
from tests.solvers.slot.slot_cases import many_slots, random_slots, requests_of
from tests.solvers.support import slots_where, with_system


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 3, [0, 1, 2, 3]),
        (0, 0.5, [0, 1]),
        (0, 1, [0, 1]),
        (0.5, 1.5, [0, 1, 2]),
        (3, 6, [0, 1, 4, 5, 6]),
        (3.5, 6.5, [0, 1, 4, 5, 6, 7]),
        (5.2, 5.8, [0, 1, 6]),
    ],
)
def test_the_options_of_a_model(low: float, high: float, expected: list[int]) -> None:
    """Beside another model with many options, so that the shorter list is padded."""
    blank = np.zeros(2)
    catalogue = Catalogue(blank, np.array([low, 0.0]), np.array([high, 20.0]), *[blank] * 5)
    for budget in (100, 6, 2, 1):
        within = [steps for steps in expected if steps <= budget]
        options = StepOptions.of(catalogue, budget)
        assert options.steps[0, : options.count[0]].tolist() == within
        assert set(options.steps[0].tolist()) == set(within)


def odd_document(seed: int, **fixed: Any) -> dict[str, Any]:
    """Curves of all kinds: steep, flat, below one step, free of time; small and large budgets."""
    rng = random.Random(seed)
    document = random_document(seed, shape=(1, 3, 3), models=3, **fixed)
    for model in document["models"]:
        low, high = rng.choice([(0, 0.5), (0, 1), (0.2, 0.9), (0.5, 2.5), (2, 3), (2.5, 2.75), (0, 12), (7, 11.5)])
        model.update(steps_low=low, steps_high=high, step_s=rng.choice([0.0, 0.01, 0.2]))
    document["system"]["step_budget"] = rng.choice([3, 4, 7, 12, 18, 30])
    return document


def all_whole_numbers(document: dict[str, Any], cached: np.ndarray) -> list[float]:
    """Every slot's least cost over all steps 0..S, by the plain formulas, air time and lateness left out."""
    system = document["system"]
    alpha, beta, budget = system["latency_weight"], system["tv_to_s"], system["step_budget"]
    costs = []
    for row, requests in enumerate(requests_of(document)):
        table = []
        for n, request in requests.items():
            first = 1 if cached[row, n] and system["forced_edge"] else 0
            last = budget if cached[row, n] else 0
            options = []
            for s in range(first, last + 1):
                seconds, tv = independent.generation(system, request, s)
                options.append((s, alpha * seconds + (1 - alpha) * beta * tv))
            table.append(options)
        costs.append(cheapest(table, budget))
    return costs


@pytest.mark.parametrize("seed", range(60))
def test_few_options_lose_nothing_against_all_whole_numbers(seed: int) -> None:
    document = odd_document(seed, deadline=False)
    slots = slots_where(as_instance(document), seed)
    steps, value, bound = optimal_steps(slots)
    assert value == pytest.approx(all_whole_numbers(document, slots.cached), rel=1e-12, abs=1e-12)
    assert (bound <= value * (1 + 1e-12)).all()
    check_rules(slots, steps)


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_the_independent_steps(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 3, 4), deadline=False)
    steps, value, _ = optimal_steps(slots)
    check_rules(slots, steps)
    for row, requests in enumerate(requests_of(document)):
        held = tuple(bool(slots.cached[row, n]) for n in requests)
        best, _ = independent.best_steps(document["system"], list(requests.values()), held)
        assert value[row] == pytest.approx(best, rel=1e-12)


@pytest.mark.parametrize(("family", "rows"), [("paper", 100), ("metro", 3)])
@pytest.mark.parametrize("scarcity", [1.0, 0.4])
def test_whole_slots_of_a_family(family: str, rows: int, scarcity: float) -> None:
    """Against dynamic programming over all options; the envelope bound falls short by a few per cent at most."""
    instance = sampled(family)
    budget = int(instance.system.step_budget * scarcity)
    slots = slots_where(with_system(instance, step_budget=budget), 0).take(slice(0, rows))
    steps, value, bound = optimal_steps(slots)
    check_rules(slots, steps)
    options = StepOptions.of(slots.catalogue, slots.system.step_budget)
    _, costs = service_costs(slots, options.steps[slots.request])
    least = 1 if slots.system.forced_edge else 0
    for row in range(rows):
        best = np.zeros(budget + 1)
        for n, model in enumerate(slots.request[row]):
            after = np.full(budget + 1, np.inf)
            choices = range(least, options.count[model]) if slots.cached[row, n] else range(1)
            for j in choices:
                need = int(options.steps[model, j])
                after[need:] = np.minimum(after[need:], best[: budget + 1 - need] + costs[row, n, j])
            best = after
        assert value[row] == pytest.approx(best[budget], rel=1e-12)
        assert value[row] * 0.93 <= bound[row] <= value[row] * (1 + 1e-12)


def test_agrees_with_array_functions_on_whole_families() -> None:
    for slots in many_slots():
        costs = StepCosts.of(slots)
        options, steps = costs.options, costs.options.steps[slots.request]
        place, edge = np.arange(steps.shape[2]), slots.active & slots.cached
        allowed = (place > 0) | ~(edge & slots.system.forced_edge)[..., None]
        allowed &= (place < options.count[slots.request][..., None]) & edge[..., None] | (place == 0)
        cost = np.concatenate([costs.cloud[..., None], costs.edge[slots.request][..., 1:]], axis=-1)
        cost = np.where(allowed, cost, np.inf)
        picked, value, bound = array_steps(steps, cost, slots.system.step_budget)
        _, native_value, native_bound = optimal_steps(slots)
        np.testing.assert_allclose(value, native_value, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(bound, native_bound, rtol=1e-9, atol=1e-9)
        taken, paid = (np.take_along_axis(array, picked[..., None], axis=2)[..., 0] for array in (steps, cost))
        assert (taken.sum(axis=1) <= slots.system.step_budget).all()
        np.testing.assert_allclose(paid.sum(axis=1), native_value, rtol=1e-12, atol=1e-12)


def test_idle_users_cost_nothing_and_get_no_steps() -> None:
    document = random_document(5, shape=(1, 1, 3), idle=0.0, deadline=False, forced_edge=True)
    document["trace"]["request"] = [[[-1, 2, -1]]]
    slots = slots_where(as_instance(document))
    steps, value, _ = optimal_steps(slots)
    alone = [request for *_, request in independent.active_requests(document)]
    assert steps[0, 0] == steps[0, 2] == 0
    assert value[0] == pytest.approx(independent.best_steps(document["system"], alone, (1,))[0], rel=1e-12)


def check_rules(slots: Any, steps: np.ndarray) -> None:
    edge = slots.active & slots.cached
    assert (steps >= 0).all()
    assert (steps[~edge] == 0).all()
    assert (steps.sum(axis=1) <= slots.system.step_budget).all()
    if slots.system.forced_edge:
        assert (steps[edge] >= 1).all()
