"""Instances and decisions for tests: drawn by plain Python, in the file format, without the product's sampler."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance, from_document
from problems.solution import Solution

Document = dict[str, Any]

TRACE = ("request", "gain", "input_mb", "output_mb")
"""The arrays of a trace that have a number for every user."""
LEARNERS = ("ddqn", "d3pg", "ddpg", "t2drl", "t2drl-best-of", "t2drl-paper", "generalist", "td3", "sac")
"""Parts that train for a scenario before they answer: too slow for tests of every part; tests/t2drl has theirs."""


def sampled(family: str, scenario_seed: int = 0, trace_seed: int = 0) -> Instance:
    """An instance of a named family."""
    return sample_instance(family_scenario(family, scenario_seed), trace_seed)


def edited(document: Document, path: Sequence[str | int], value: object) -> Document:
    """A deep copy with another value at ``path``."""
    result = copy.deepcopy(document)
    place: Any = result
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return result


def random_document(
    seed: int,
    *,
    shape: tuple[int, int, int] = (3, 2, 3),
    models: int = 4,
    idle: float = 0.3,
    deadline: bool | None = None,
    forced_edge: bool | None = None,
    loading: bool = True,
) -> Document:
    """An instance document as another program would write it: whole numbers beside decimals, a hand-made chain.

    ``None`` leaves the choice to the seed. At least one user is active.
    """
    rng = random.Random(seed)
    frames, _, users = shape
    deadline = rng.random() < 0.5 if deadline is None else deadline
    forced_edge = rng.random() < 0.5 if forced_edge is None else forced_edge
    catalogue: list[dict[str, Any]] = [
        {
            "name": f"model-{m}",
            "size_gb": round(rng.uniform(2, 10), 2),
            "steps_low": rng.choice([0, 3, 5.5, rng.randint(5, 15)]),
            "steps_high": rng.choice([20, 24.5, rng.randint(30, 60)]),
            "tv_worst": rng.uniform(100, 150),
            "tv_best": rng.uniform(20, 50),
            "step_s": rng.choice([0.0, rng.uniform(0.02, 0.3)]),
            "setup_s": rng.uniform(0, 1.5),
            "cloud_s": rng.uniform(2, 12),
        }
        for m in range(models)
    ]
    request = _array(shape, lambda: rng.randrange(models) if rng.random() >= idle else -1)
    request[0][0][0] = max(request[0][0][0], 0)
    return {
        "format": "t2bench-instance",
        "version": 1,
        "name": f"elsewhere-{seed}",
        "family": None,
        "scenario_seed": None,
        "trace_seed": None,
        "models": catalogue,
        "system": {
            "cache_gb": round(rng.uniform(0.2, 0.9) * sum(model["size_gb"] for model in catalogue), 2),
            "step_budget": rng.randint(users, 25 * users),
            "uplink_mhz": 3 * users,
            "downlink_mhz": 6.0 * users,
            "user_power_w": 0.2,
            "bs_power_w": 20,
            "noise_w_per_mhz": 3.98107e-15,
            "backhaul_mbps": 100,
            "load_cost_per_gb": rng.uniform(0.01, 0.5) if loading else 0,
            "deadline_s": rng.uniform(1, 12) if deadline else None,
            "late_penalty": rng.uniform(0, 2) if deadline else 0,
            "latency_weight": rng.choice([0.5, 1, rng.random()]),
            "tv_to_s": 0.15,
            "forced_edge": forced_edge,
        },
        "demand": {
            "transition": [[0.75, 0.25], [0.5, 0.5]],
            "skew": [0.5, 1],
            "ranking": [rng.sample(range(models), models) for _ in range(2)],
            "activity": 1 - idle,
            "state_observed": True,
        },
        "trace": {
            "state": [rng.randrange(2) for _ in range(frames)],
            "request": request,
            "gain": _array(shape, lambda: 10 ** rng.uniform(-13, -7)),
            "input_mb": _array(shape, lambda: rng.choice([0.0, rng.uniform(0.1, 10), rng.uniform(0.1, 10)])),
            "output_mb": _array(shape, lambda: rng.choice([2, rng.uniform(0.1, 10)])),
        },
    }


def _array(shape: tuple[int, int, int], draw: Any) -> list[list[list[Any]]]:
    frames, slots, users = shape
    return [[[draw() for _ in range(users)] for _ in range(slots)] for _ in range(frames)]


def random_feasible(instance: Instance, seed: int) -> Solution:
    """Feasible decisions at random: bandwidth down to a thousandth of the others', steps up to the whole budget."""
    rng = np.random.default_rng(seed)
    trace, system = instance.trace, instance.system
    cache = np.zeros((instance.frames, len(instance.models)))
    for held in cache:
        room = system.cache_gb
        for m in rng.permutation(len(held)):
            if rng.random() < 0.7 and instance.models[m].size_gb <= room:
                held[m] = 1
                room -= instance.models[m].size_gb
    weight = np.where(instance.active, 10.0 ** rng.uniform(-3, 0, trace.request.shape), 0.0)
    bandwidth = rng.choice([1.0, 0.8]) * weight / np.maximum(weight.sum(axis=2, keepdims=True), 1e-300)
    steps = np.zeros(trace.request.shape, dtype=int)
    for t, k in np.ndindex(*steps.shape[:2]):
        edge = [n for n, m in enumerate(trace.request[t, k]) if m >= 0 and cache[t, m] == 1]
        if not system.forced_edge:
            edge = [n for n in edge if rng.random() < 0.8]
        spare = system.step_budget - len(edge)
        for n in edge[: system.step_budget]:
            more = int(rng.integers(0, max(spare, 0) + 1) * rng.choice([0, 0.3, 1]))
            steps[t, k, n] = 1 + more
            spare -= more
    return Solution(cache, bandwidth, steps)


def random_decisions(instance: Instance, seed: int) -> Solution:
    """Decisions that keep few of the rules, but are complete and have a defined cost."""
    rng = np.random.default_rng(seed)
    shape = instance.trace.request.shape
    steps = rng.choice([0, 0.5, 1, 2.5, 7, 20, 100], shape)
    cache = rng.choice([0, 0, 1, 1, 0.4], (instance.frames, len(instance.models)))
    return Solution(cache, rng.uniform(0.01, 1, shape), steps)


def as_instance(document: Document) -> Instance:
    """The document read, without touching it."""
    return from_document(copy.deepcopy(document))
