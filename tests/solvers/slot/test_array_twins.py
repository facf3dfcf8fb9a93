"""The array twins of the exact allocation against its native loops, for NumPy and torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from problems.episode import Slots
from solvers.slot.air_loads import AirLoads
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.steps import StepCosts, optimal_steps
from tests.cases import random_document, sampled
from tests.solvers.slot.array_bandwidth import array_bandwidth
from tests.solvers.slot.array_steps import array_steps
from tests.solvers.support import all_slots, slots_where

KINDS = ["numpy", "float64", "float32"]
Convert = Callable[[np.ndarray], Any]


def converter(kind: str) -> Convert:
    if kind == "numpy":
        return lambda array: array
    torch = pytest.importorskip("torch")
    return lambda array: torch.as_tensor(array.astype(kind) if array.dtype == float else array)


def cases() -> list[Slots]:
    families = [slots_where(sampled(family, 1, 2)) for family in ("small", "paper", "drift", "deadline")]
    return families + [all_slots(random_document(seed, shape=(2, 3, 4), idle=0.4)) for seed in range(8)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_bandwidth_and_its_bound_are_those_of_the_native_loop(kind: str) -> None:
    convert, close = converter(kind), 1e-12 if kind != "float32" else 1e-5
    for slots in cases():
        alpha = slots.system.latency_weight
        if alpha == 0:
            continue
        loads = AirLoads.of(slots)
        share, bound = array_bandwidth(*map(convert, (loads.up, loads.snr, loads.down, slots.active)))
        native_share, native_bound = optimal_bandwidth(slots)
        np.testing.assert_allclose(np.asarray(share), native_share, rtol=0, atol=max(close, 1e-9))
        np.testing.assert_allclose(alpha * np.asarray(bound), native_bound, rtol=close, atol=1e-300)


@pytest.mark.parametrize("kind", ["numpy", "float64"])
def test_the_steps_and_their_bound_are_those_of_the_native_search(kind: str) -> None:
    convert = converter(kind)
    for slots in cases():
        costs = StepCosts.of(slots)
        options, steps = costs.options, costs.options.steps[slots.request]
        place = np.arange(steps.shape[2])
        edge = slots.active & slots.cached
        allowed = (place > 0) | ~(edge & slots.system.forced_edge)[..., None]
        allowed &= (place < options.count[slots.request][..., None]) & edge[..., None] | (place == 0)
        cost = np.concatenate([costs.cloud[..., None], costs.edge[slots.request][..., 1:]], axis=-1)
        cost = np.where(allowed, cost, np.inf)
        picked, value, bound = array_steps(convert(steps), convert(cost), slots.system.step_budget)
        _, native_value, native_bound = optimal_steps(slots)
        np.testing.assert_allclose(np.asarray(value), native_value, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(np.asarray(bound), native_bound, rtol=1e-9, atol=1e-9)
        taken = np.take_along_axis(steps, np.asarray(picked)[..., None], axis=2)[..., 0]
        assert (taken.sum(axis=1) <= slots.system.step_budget).all()
        paid = np.take_along_axis(cost, np.asarray(picked)[..., None], axis=2)[..., 0].sum(axis=1)
        np.testing.assert_allclose(paid, native_value, rtol=1e-12, atol=1e-12)
