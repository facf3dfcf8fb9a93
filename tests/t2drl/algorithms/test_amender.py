"""Whatever an actor says becomes feasible."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from problems.episode import Slots
from solvers.allocation.exact import ExactAllocation
from solvers.slot.costs import slot_costs
from t2drl.algorithms.amender import LEAST, LEAST_SCALE, RAW_ACTION, WANTED, WANTED_SCALE, amend
from t2drl.algorithms.d3pg import action_features
from t2drl.algorithms.diffusion import bounded
from t2drl.world.slots import SlotBatch
from tests.solvers.slot.slot_cases import assert_feasible, random_slots


def allocation(raw: np.ndarray, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    amended = amend(torch.from_numpy(raw), SlotBatch.of(slots))
    return amended.bandwidth.numpy(), amended.steps.numpy().astype(int)


@given(st.integers(0, 10_000), st.floats(0.0, 5.0))
def test_every_action_is_amended_to_a_feasible_one(seed: int, spread: float) -> None:
    _, slots, _ = random_slots(seed)
    raw = np.random.default_rng(seed).normal(0.0, spread, (*slots.request.shape, RAW_ACTION))
    assert_feasible(slots, *allocation(raw, slots))


@given(st.integers(0, 10_000))
def test_some_action_gives_the_optimal_steps(seed: int) -> None:
    """Where budgets are not coupled; the bandwidth is a matter of the softmax alone."""
    _, slots, _ = random_slots(seed, deadline=False)
    bandwidth, steps = ExactAllocation().allocate(slots)
    raw = np.zeros((*slots.request.shape, RAW_ACTION))
    most = SlotBatch.of(slots).most_steps.numpy()
    share = steps / np.maximum(most, 1)
    raw[..., 1] = np.where(steps > 1, 1.0, -1.0)
    raw[..., 2] = (np.where(steps > 1, share, 1.0) - WANTED) / WANTED_SCALE
    raw[..., 3] = (np.where(steps > 1, share - 1e-9, 2.0) - LEAST) / LEAST_SCALE
    raw[..., 4] = np.where(steps >= 1, 1.0, -1.0)
    found = allocation(raw, slots)[1]
    costs = [slot_costs(slots, bandwidth, s) for s in (found, steps)]
    np.testing.assert_allclose(*costs, rtol=1e-9)


def test_gradients_reach_every_number_of_an_action() -> None:
    _, slots, _ = random_slots(3, shape=(20, 4, 6), forced_edge=False, deadline=False)
    batch = SlotBatch.of(slots)
    raw = torch.randn((*slots.request.shape, RAW_ACTION), generator=torch.Generator().manual_seed(0)).mul(0.3)
    raw.requires_grad_(True)
    features = action_features(amend(raw, batch), batch)
    weight = torch.randn(features.shape, generator=torch.Generator().manual_seed(1))
    (features * weight).sum().backward()  # type: ignore[no-untyped-call]
    assert raw.grad is not None
    assert torch.isfinite(raw.grad).all()
    assert (raw.grad.abs().sum(dim=(0, 1)) > 0).all()


@pytest.mark.parametrize("number", range(RAW_ACTION))
def test_an_idle_user_changes_nothing(number: int) -> None:
    _, slots, _ = random_slots(5)
    raw = np.random.default_rng(0).normal(0.0, 0.5, (*slots.request.shape, RAW_ACTION))
    other = raw.copy()
    other[~slots.active, number] = 0.9
    for first, second in zip(allocation(raw, slots), allocation(other, slots), strict=True):
        np.testing.assert_array_equal(first, second)


PRICES = {"one step is best": (20.0, -17.0, 7.0), "all are": (2.0, -5.0, 7.0), "none is": (-5.0, -5.0, 6.0)}
"""Of being served at the edge, of the share of steps, and of the quality."""
DEAD_END = "accepts anything: the slope of refusal vanishes far from its edge"


def corners() -> list[Any]:
    cases = []
    for best, (wanted, least, preference) in product(PRICES, product((-1.5, 1.5), repeat=3)):
        stuck = (best, wanted, least, preference) in (
            ("one step is best", -1.5, -1.5, -1.5),
            ("none is", -1.5, -1.5, 1.5),
        )
        marks = [pytest.mark.xfail(reason=DEAD_END, strict=True)] if stuck else []
        cases.append(pytest.param(PRICES[best], (wanted, least, preference), marks=marks))
    return cases


@pytest.mark.parametrize(("prices", "corner"), corners())
def test_a_corner_does_not_keep_an_action_from_the_best_steps(
    prices: tuple[float, ...], corner: tuple[float, ...]
) -> None:
    """With room for everybody, whatever was wanted, accepted and preferred at first."""
    _, slots, _ = random_slots(3, shape=(20, 4, 6), forced_edge=False, deadline=False)
    batch = SlotBatch.of(replace(slots, system=slots.system.model_copy(update={"step_budget": 10_000})))
    edge = batch.cached.double()
    price = torch.tensor(prices, dtype=torch.double)
    raw = torch.tensor([0.0, 0.0, *corner]).double().repeat(*slots.request.shape, 1).requires_grad_(True)
    optimiser = torch.optim.Adam([raw], lr=0.05)
    for _ in range(150):
        features = action_features(amend(bounded(raw, batch.active), batch), batch)
        loss = -(edge[..., None] * features[..., [2, 1, 3]] * price).sum()
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    single, full = price[0] + price[1] / batch.most_steps.clamp(min=1), price.sum()
    best = (edge * torch.maximum(single, full).clamp(min=0.0)).sum()
    assert -float(loss.detach()) == pytest.approx(float(best), rel=0.01, abs=0.01)
