"""Slots for the tests of allocations, what is feasible in them, and their optimum by the independent oracle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from problems.episode import Slots, slots_of
from tests import independent
from tests.cases import Document, as_instance, random_document, sampled
from tests.solvers.support import all_slots, slots_where


def random_slots(seed: int, **options: Any) -> tuple[Document, Slots, np.ndarray]:
    """A document, all its slots under a random cache, and that cache (T, M); capacity is no matter here."""
    document = random_document(seed, **options)
    instance = as_instance(document)
    cache = np.random.default_rng(seed).random((instance.frames, len(instance.models))) < 0.7
    return document, slots_of(instance, cache), cache


def late_slots(seed: int, **options: Any) -> tuple[Document, Slots]:
    """A document with a deadline that bites and matters, and all its slots under a random cache."""
    document, slots, _ = random_slots(seed, deadline=True, **options)
    document["system"].update(deadline_s=3.0 + seed % 6, late_penalty=(0.3, 1.0, 20.0)[seed % 3])
    return document, replace(slots, system=as_instance(document).system)


def many_slots() -> list[Slots]:
    """Whole traces of families and of documents with idle users, everything cached."""
    families = [slots_where(sampled(family, 1, 2)) for family in ("small", "paper", "drift", "deadline")]
    return families + [all_slots(random_document(seed, shape=(2, 3, 4), idle=0.4)) for seed in range(8)]


def assert_feasible(slots: Slots, bandwidth: np.ndarray, steps: np.ndarray) -> None:
    """The rules of a slot, row by row."""
    active, edge = slots.active, slots.active & slots.cached
    assert bandwidth.shape == steps.shape == slots.request.shape
    assert np.issubdtype(steps.dtype, np.integer)
    assert (bandwidth[active] > 0).all()
    assert (bandwidth[~active] == 0).all()
    assert (bandwidth.sum(axis=1) <= 1 + 1e-9).all()
    assert (steps >= 0).all()
    assert (steps[~edge] == 0).all()
    assert (steps.sum(axis=1) <= slots.system.step_budget).all()
    if slots.system.forced_edge:
        assert (steps[edge] >= 1).all()


def requests_of(document: Document) -> list[dict[int, independent.Request]]:
    """For every slot of the trace, in order, the requests of its active users."""
    trace = document["trace"]["request"]
    slots: list[dict[int, independent.Request]] = [{} for frame in trace for _ in frame]
    for t, k, n, request in independent.active_requests(document):
        slots[t * len(trace[0]) + k][n] = request
    return slots


def plain_costs(document: Document, bandwidth: np.ndarray, steps: np.ndarray) -> list[float]:
    """The cost of every slot, in plain Python."""
    system = document["system"]
    alpha, tau = system["latency_weight"], system["deadline_s"]
    totals = []
    for row, requests in enumerate(requests_of(document)):
        total = 0.0
        for n, request in requests.items():
            seconds, tv = independent.generation(system, request, steps[row, n])
            latency = independent.air_time(system, request, float(bandwidth[row, n])) + seconds
            late = 0.0 if tau is None else max(0.0, latency - tau)
            total += alpha * latency + (1 - alpha) * system["tv_to_s"] * tv + system["late_penalty"] * late
        totals.append(total)
    return totals


def optimal_slots(document: Document, cached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bandwidth (B, N) and steps (B, N) of least cost where lateness has no price; ``cached`` (B, N)."""
    bandwidth, steps = np.zeros(cached.shape), np.zeros(cached.shape, dtype=int)
    for row, requests in enumerate(requests_of(document)):
        users, asked = list(requests), list(requests.values())
        bandwidth[row, users] = independent.best_bandwidth(document["system"], asked)
        held = tuple(bool(cached[row, n]) for n in users)
        steps[row, users] = independent.best_steps(document["system"], asked, held)[1]
    return bandwidth, steps
