"""Tiny instances at the edges of the problem, made by hand, that any solver should survive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance, Trace
from problems.judge import judge
from problems.scenario import Demand, Model, System
from solvers.base import Budget, Silent
from solvers.registry import make_solver

NOISE_W_PER_MHZ = 3.98e-15
"""-174 dBm/Hz."""


@dataclass(frozen=True, eq=False)
class Case:
    """One instance and what it is there for."""

    name: str
    purpose: str
    instance: Instance


@cache
def cases() -> tuple[Case, ...]:
    """All of them; each has at most 3 models, 3 users and 12 steps a slot."""
    return tuple(Case(name, purpose, replace(make(), name=name)) for name, purpose, make in _CASES)


@cache
def certified_optimum(instance: Instance) -> float:
    """The cost of the optimum of a tiny instance; ``exhaustive`` has proved it."""
    solution = make_solver("exhaustive").solve(instance, Budget(), Silent())
    if solution.status != "optimal":
        raise AssertionError(f"{instance.name}: the reference has no proof")
    return judge(instance, solution).cost


def long_instances() -> tuple[Instance, ...]:
    """Two that take longer than a moment: many small slots, and slots whose budgets a deadline couples."""
    many = family_scenario("tiny", 0).model_copy(update={"frames": 60, "slots": 20})
    return sample_instance(many, 0), sample_instance(family_scenario("deadline", 0), 0)


def _models(**changes: Any) -> tuple[Model, ...]:
    """Three models, each best at something."""
    return (
        _model("small", size_gb=3.0, cloud_s=5.0, **changes),
        _model("quick", size_gb=4.0, step_s=0.1, cloud_s=6.0, **changes),
        _model("large", size_gb=5.0, tv_best=25.0, cloud_s=8.0, **changes),
    )


def _model(name: str, **changes: Any) -> Model:
    typical = {
        "size_gb": 4.0,
        "steps_low": 1.0,
        "steps_high": 5.0,
        "tv_worst": 110.0,
        "tv_best": 30.0,
        "step_s": 0.2,
        "setup_s": 0.5,
        "cloud_s": 6.0,
    }
    return Model(**{"name": name, **typical, **changes})


_REQUESTS = [[[0, 1], [2, 0]], [[1, 2], [1, 1]], [[2, 2], [0, 1]]]
_FEW_REQUESTS = [[[0, 1]], [[1, 1]], [[2, 0]]]
"""For cases with a deadline, over which enumerations take long."""


def _instance(
    models: Sequence[Model] = _models(),
    request: Any = _REQUESTS,
    gain: Any = None,
    megabytes: Any = None,
    known_state: bool = True,
    **system: Any,
) -> Instance:
    """An instance with some things changed; arrays are broadcast to the shape of ``request``."""
    request = np.array(request)
    place = np.arange(request.size).reshape(request.shape)
    sizes = 0.5 + (7 * place % 11) * 0.75 if megabytes is None else np.broadcast_to(megabytes, request.shape)
    gains = 10.0 ** (-9.0 - 0.6 * (5 * place % 7)) if gain is None else np.broadcast_to(gain, request.shape)
    users = request.shape[2]
    typical = {
        "cache_gb": 7.5,
        "step_budget": 8,
        "uplink_mhz": 3.0 * users,
        "downlink_mhz": 6.0 * users,
        "user_power_w": 0.2,
        "bs_power_w": 20.0,
        "noise_w_per_mhz": NOISE_W_PER_MHZ,
        "backhaul_mbps": 100.0,
        "load_cost_per_gb": 0.0,
        "deadline_s": None,
        "late_penalty": 0.0,
        "latency_weight": 0.5,
        "tv_to_s": 0.15,
        "forced_edge": False,
    }
    order = tuple(range(len(models)))
    demand = Demand(
        transition=((0.75, 0.25), (0.5, 0.5)),
        skew=(0.5, 1.0),
        ranking=(order, order[::-1]),
        activity=0.8,
        state_observed=known_state,
        cell_km=0.5,
        move_km=0.05,
        input_mb=(0.5, 10.0),
        output_mb=(0.5, 10.0),
    )
    state = np.arange(len(request)) % 2 if known_state else np.full(len(request), -1)
    trace = Trace(state, request, gains.astype(float), sizes.astype(float), sizes[..., ::-1].astype(float))
    return Instance("", None, None, None, tuple(models), System(**(typical | system)), demand, trace)


def _late(**system: Any) -> Instance:
    return _instance(request=_FEW_REQUESTS, step_budget=7, **system)


def _twins() -> Instance:
    models = [_model(name) for name in ("first", "second", "third")]
    return _instance(models, [[[0, 1, 2], [2, 1, 0]], [[0, 0, 1], [2, 2, 1]]], 1e-10, 2.0, cache_gb=4.0, step_budget=7)


def _kinked() -> Instance:
    models = (
        _model("between", steps_low=1.5, steps_high=4.25),
        _model("at once", steps_low=0.0, steps_high=0.5),
        _model("cliff", steps_low=2.9, steps_high=3.1),
    )
    return _instance(models, cache_gb=8.0, step_budget=6)


def _tenths() -> Instance:
    models = [_model(f"{size:g}", size_gb=size) for size in (0.1, 0.2, 0.3)]
    return _instance(models, cache_gb=0.3)


_CASES: tuple[tuple[str, str, Callable[[], Instance]], ...] = (
    ("plain", "nothing unusual", _instance),
    ("ties", "models, users and channels all alike", _twins),
    ("one-user", "a single user", lambda: _instance(request=[[[0], [2]], [[1], [2]]])),
    ("one-request", "a single request in all", lambda: _instance([_model("only")], [[[0]]])),
    ("idle-users", "idle users, slots and frames", lambda: _instance(request=[[[0, -1], [-1, -1]], [[-1, -1]] * 2])),
    ("idle-trace", "nobody asks for anything", lambda: _instance(request=[[[-1, -1]] * 2] * 2)),
    ("no-capacity", "a cache of 0 GB", lambda: _instance(cache_gb=0.0)),
    ("capacity-for-none", "a cache smaller than every model", lambda: _instance(cache_gb=2.9)),
    ("capacity-for-all", "a cache for the whole catalogue", lambda: _instance(cache_gb=12.0)),
    ("exact-fit", "0.1 and 0.2 GB in a cache of 0.3 GB", _tenths),
    ("huge-gains", "air time next to nothing", lambda: _instance(gain=1e6)),
    ("tiny-gains", "air time of years", lambda: _instance(gain=1e-18)),
    ("mixed-gains", "the best and the worst channel in one slot", lambda: _instance(gain=[1e3, 1e-16])),
    ("no-data", "requests without any data to send", lambda: _instance(megabytes=[0.0, 2.0])),
    ("deadline", "a deadline that decides", lambda: _late(deadline_s=6.5, late_penalty=1.0)),
    (
        "hopeless-deadline",
        "a deadline that nobody can meet",
        lambda: _late(deadline_s=0.0, late_penalty=2.0, load_cost_per_gb=0.1),
    ),
    ("free-lateness", "a deadline without a price", lambda: _instance(deadline_s=3.0)),
    ("kinks", "quality curves with corners between whole steps", _kinked),
    (
        "tight-forced-edge",
        "a forced edge with one step a user",
        lambda: _instance(forced_edge=True, step_budget=2, cache_gb=12.0, latency_weight=0.9),
    ),
    (
        "harmful-edge",
        "a forced edge so slow that an empty cache is best",
        lambda: _instance(_models(setup_s=60.0), forced_edge=True),
    ),
    (
        "forced-deadline",
        "a forced edge with a deadline and loading",
        lambda: _late(forced_edge=True, deadline_s=6.0, late_penalty=1.5, load_cost_per_gb=0.2),
    ),
    ("no-steps", "an edge without any steps", lambda: _instance(step_budget=0)),
    ("loading", "loading dear enough to keep models", lambda: _instance(load_cost_per_gb=0.4)),
    ("loading-too-dear", "loading that never pays", lambda: _instance(load_cost_per_gb=100.0)),
    ("latency-only", "quality without weight", lambda: _instance(latency_weight=1.0)),
    ("quality-only", "latency without weight", lambda: _instance(latency_weight=0.0)),
    ("recorded", "a recorded trace, whose states nobody knows", lambda: _instance(known_state=False)),
)
