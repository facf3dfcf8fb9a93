"""Prices of steps: the bound that they give against its definition, and what raising them promises."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from problems.instance import Instance
from solvers.frame.bounds import holding_of
from solvers.frame.step_prices import (
    Envelopes,
    Holding,
    Scratch,
    common_price,
    envelopes_of,
    priced,
    raise_prices,
    scratch_for,
)
from tests import independent
from tests.solvers.frame.frames import one_frame, slots_under

MODELS, SLOTS = 5, 3


def frame(seed: int) -> tuple[Instance, Envelopes, Holding, Scratch]:
    """A frame whose models are charged for, every second for nothing."""
    instance = one_frame(seed, deadline=False, models=MODELS, slots=SLOTS)
    charge = (seed % 2) * np.random.default_rng(seed).normal(0, 2, MODELS)
    envelopes = envelopes_of(slots_under(instance, (1 << MODELS) - 1))
    return instance, envelopes, holding_of(instance, charge), scratch_for(SLOTS, MODELS)


def bound_at(envelopes: Envelopes, holding: Holding, fixed: np.ndarray, price: np.ndarray) -> float:
    """Steps sold at their prices, every request at its best corner, and a knapsack of divisible models."""
    worth = -holding.charge.copy()
    for r, (k, m) in enumerate(zip(envelopes.slot, envelopes.model, strict=True)):
        value = envelopes.saving[r] - price[k] * envelopes.steps[r]
        worth[m] += value.max() if envelopes.forced else max(value.max(), 0.0)
    least, most = fixed > 0, (fixed > 0) | ((fixed == 0) & (holding.size <= holding.room))
    box = np.stack([least, most], axis=1).astype(float)
    knapsack = linprog(-worth, A_ub=holding.size[None], b_ub=[holding.room], bounds=box)
    assert knapsack.status == 0
    return float(envelopes.cloud_cost - envelopes.budget * price.sum() + knapsack.fun)


@pytest.mark.parametrize("seed", range(6))
def test_the_envelopes_hold_what_the_edge_saves(seed: int) -> None:
    """Against the cloud by the plain formulas, at each corner."""
    instance, envelopes, _, _ = frame(seed)
    document = instance.document
    system = document["system"]
    alpha, beta = system["latency_weight"], system["tv_to_s"]

    def cost(request: independent.Request, s: int) -> float:
        seconds, tv = independent.generation(system, request, s)
        return float(alpha * seconds + (1 - alpha) * beta * tv)

    asked = list(independent.active_requests(document))
    assert envelopes.slot.tolist() == [k for _, k, _, _ in asked]
    assert envelopes.model.tolist() == [request.index for *_, request in asked]
    assert envelopes.cloud_cost == pytest.approx(sum(cost(request, 0) for *_, request in asked), rel=1e-12)
    for r, (*_, request) in enumerate(asked):
        expected = [cost(request, 0) - cost(request, int(s)) for s in envelopes.steps[r]]
        assert envelopes.saving[r] == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_is_that_of_its_definition(seed: int) -> None:
    _, envelopes, holding, scratch = frame(seed)
    rng = np.random.default_rng(seed)
    fixed = rng.choice([0, 0, -1], MODELS).astype(np.int8)
    fixed[int(np.argmin(holding.size))] = 1 if holding.size.min() <= holding.room else 0
    for scale in (0.0, 0.01, 0.3):
        price = scale * rng.random(SLOTS)
        found = priced(envelopes, holding, fixed, price, scratch)
        assert found == pytest.approx(bound_at(envelopes, holding, fixed, price), rel=1e-9)
        assert (scratch.share[fixed > 0] == 1).all()
        assert (scratch.share[fixed < 0] == 0).all()
        assert scratch.share @ holding.size <= holding.room * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_raised_prices_bound_better_and_the_bound_is_theirs(seed: int) -> None:
    _, envelopes, holding, scratch = frame(seed)
    free, price = np.zeros(MODELS, dtype=np.int8), np.zeros(SLOTS)
    before = priced(envelopes, holding, free, price, scratch)
    upper = before + 0.1 * abs(before)
    raised = raise_prices(envelopes, holding, free, price, upper, 60, scratch)
    assert raised >= before
    assert (price >= 0).all()
    assert raised == priced(envelopes, holding, free, price, scratch)


@pytest.mark.parametrize("seed", range(8))
def test_the_common_price_uses_about_all_budgets(seed: int) -> None:
    """A little more uses no more than all of them, a little less no less, unless steps are free."""
    _, envelopes, holding, scratch = frame(seed)
    free, price = np.zeros(MODELS, dtype=np.int8), np.zeros(SLOTS)
    common_price(envelopes, holding, free, scratch, price)
    assert (price == price[0]).all()
    highest = max(0.0, (envelopes.saving / np.maximum(envelopes.steps, 1.0)).max())
    reach = 2 * highest / 2**12

    def used(each: float) -> float:
        priced(envelopes, holding, free, np.full(SLOTS, each), scratch)
        return float((scratch.used * scratch.share).sum())

    assert used(price[0] + reach) <= envelopes.budget * SLOTS
    assert price[0] <= reach or used(price[0] - reach) >= envelopes.budget * SLOTS
