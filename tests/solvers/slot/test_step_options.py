"""The step counts that the envelope of a user's cost needs, against all whole numbers by the plain formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from problems.episode import Slots
from solvers.slot.step_options import deadline_steps, envelope_steps, step_range
from tests import independent
from tests.solvers.slot.slot_cases import late_slots, random_slots, requests_of


def cost_of(system: dict[str, Any], request: independent.Request, s: int, air: float | None) -> float:
    """Of a request with ``s`` steps, air time left out; with the lateness that ``air`` seconds make, if given."""
    seconds, tv = independent.generation(system, request, s)
    late = 0.0 if air is None else max(0.0, air + seconds - system["deadline_s"])
    alpha = system["latency_weight"]
    return float(alpha * seconds + (1 - alpha) * system["tv_to_s"] * tv + system["late_penalty"] * late)


def envelope(steps: np.ndarray, cost: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The lower convex envelope of points: at each place the cheapest mix of two points on either side of it."""
    value = np.full(len(at), np.inf)
    for x, c in zip(steps, cost, strict=True):
        for y, d in zip(steps, cost, strict=True):
            inside = (x <= at) & (at <= y)
            part = (at[inside] - x) / max(y - x, 1)
            value[inside] = np.minimum(value[inside], c + part * (d - c))
    return value


def users(document: Any, slots: Slots) -> list[tuple[int, int, independent.Request]]:
    """Row, user and request of everybody who can be served at the edge."""
    found = [(row, n, request) for row, asked in enumerate(requests_of(document)) for n, request in asked.items()]
    return [(row, n, request) for row, n, request in found if slots.cached[row, n]]


@pytest.mark.parametrize("seed", range(12))
def test_more_steps_than_the_most_are_never_cheaper_and_others_get_none(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 4), deadline=False)
    system, budget = document["system"], document["system"]["step_budget"]
    fewest, most = step_range(slots)
    edge = slots.active & slots.cached
    assert (fewest == (edge & slots.system.forced_edge)).all()
    assert (most[~edge] == 0).all()
    assert (most <= budget).all()
    for row, n, request in users(document, slots):
        last = cost_of(system, request, int(most[row, n]), None)
        beyond = [cost_of(system, request, s, None) for s in range(int(most[row, n]), budget + 1)]
        assert min(beyond) >= last * (1 - 1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_corners_of_the_envelope_are_among_the_options(seed: int) -> None:
    document, slots, _ = random_slots(seed, shape=(2, 2, 4), deadline=False)
    fewest, most = step_range(slots)
    options = envelope_steps(slots)
    assert (np.diff(options, axis=-1) >= 0).all()
    assert (options >= fewest[..., None]).all()
    assert (options <= most[..., None]).all()
    for row, n, request in users(document, slots):
        every = np.arange(fewest[row, n], most[row, n] + 1)
        cost = [
            np.array([cost_of(document["system"], request, int(s), None) for s in x]) for x in (every, options[row, n])
        ]
        found = envelope(options[row, n], cost[1], every)
        assert found == pytest.approx(envelope(every, cost[0], every), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_with_a_deadline_two_more_options_complete_them(seed: int) -> None:
    document, slots = late_slots(seed, shape=(2, 2, 4))
    air = np.random.default_rng(seed).uniform(0.0, 6.0, slots.request.shape)
    fewest, most = step_range(slots)
    options = np.concatenate([envelope_steps(slots), deadline_steps(slots, air)], axis=-1)
    for row, n, request in users(document, slots):
        every, few = np.arange(fewest[row, n], most[row, n] + 1), np.unique(options[row, n])
        seconds = float(air[row, n])
        cost = [np.array([cost_of(document["system"], request, int(s), seconds) for s in x]) for x in (every, few)]
        found = envelope(few, cost[1], every)
        assert found == pytest.approx(envelope(every, cost[0], every), rel=1e-12, abs=1e-12)


def test_without_a_price_of_lateness_there_are_no_more_options() -> None:
    _, slots, _ = random_slots(0, shape=(2, 2, 3), deadline=False)
    assert deadline_steps(slots, np.ones((4, 3))).shape == (4, 3, 0)
