"""Changes of an instance whose effect on the optimum is known beforehand (metamorphic relations)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from problems.instance import Instance

Change = Callable[[Instance], Instance]


@dataclass(frozen=True)
class Relation:
    """A change and what it does to the optimum: multiplies it by ``factor``, or lets it only fall."""

    name: str
    change: Change
    effect: Literal["scales", "falls"]
    factor: float = 1.0
    needs_free_edge: bool = False
    """Whether it holds only where the edge is not forced."""


def users_reversed(instance: Instance) -> Instance:
    """The same users in reverse order."""
    arrays = {name: getattr(instance.trace, name)[..., ::-1] for name in ("request", "gain", "input_mb", "output_mb")}
    return replace(instance, trace=replace(instance.trace, **arrays))


def models_rotated(instance: Instance) -> Instance:
    """The same catalogue, its first model last."""
    count, trace, demand = len(instance.models), instance.trace, instance.demand
    request = np.where(trace.request >= 0, (trace.request - 1) % count, trace.request)
    ranking = tuple(tuple((m - 1) % count for m in order) for order in demand.ranking)
    return replace(
        instance,
        models=instance.models[1:] + instance.models[:1],
        trace=replace(trace, request=request),
        demand=demand.model_copy(update={"ranking": ranking}),
    )


def in_megabytes(instance: Instance) -> Instance:
    """Storage in units of 1/1024 GB; its price falls likewise."""
    models = tuple(model.model_copy(update={"size_gb": model.size_gb * 1024}) for model in instance.models)
    system = instance.system
    return _with_system(
        replace(instance, models=models),
        cache_gb=system.cache_gb * 1024,
        load_cost_per_gb=system.load_cost_per_gb / 1024,
    )


def in_milliseconds(instance: Instance) -> Instance:
    """Every time in units of a millisecond, what depends on it likewise: the cost is 1000 times as much."""
    names = ("step_s", "setup_s", "cloud_s")
    models = tuple(
        model.model_copy(update={name: getattr(model, name) * 1000 for name in names}) for model in instance.models
    )
    system = instance.system
    return _with_system(
        replace(instance, models=models),
        uplink_mhz=system.uplink_mhz / 1000,
        downlink_mhz=system.downlink_mhz / 1000,
        noise_w_per_mhz=system.noise_w_per_mhz * 1000,
        backhaul_mbps=system.backhaul_mbps / 1000,
        tv_to_s=system.tv_to_s * 1000,
        load_cost_per_gb=system.load_cost_per_gb * 1000,
        deadline_s=None if system.deadline_s is None else system.deadline_s * 1000,
    )


def in_milliwatts(instance: Instance) -> Instance:
    """All powers in milliwatts."""
    names = ("user_power_w", "bs_power_w", "noise_w_per_mhz")
    return _with_system(instance, **{name: getattr(instance.system, name) * 1000 for name in names})


def in_percent_tv(instance: Instance) -> Instance:
    """Quality in hundredths of its unit; its price falls likewise."""
    models = tuple(
        model.model_copy(update={"tv_worst": model.tv_worst * 100, "tv_best": model.tv_best * 100})
        for model in instance.models
    )
    return _with_system(replace(instance, models=models), tv_to_s=instance.system.tv_to_s / 100)


def roomier_cache(instance: Instance) -> Instance:
    """A cache half as large again."""
    return _with_system(instance, cache_gb=instance.system.cache_gb * 1.5)


def more_steps(instance: Instance) -> Instance:
    """Three more steps in a slot."""
    return _with_system(instance, step_budget=instance.system.step_budget + 3)


def more_power(instance: Instance) -> Instance:
    """Transmitters ten times as strong."""
    system = instance.system
    return _with_system(instance, user_power_w=system.user_power_w * 10, bs_power_w=system.bs_power_w * 10)


def edge_freed(instance: Instance) -> Instance:
    """Whoever had to be served at the edge may go to the cloud."""
    return _with_system(instance, forced_edge=False)


RELATIONS: tuple[Relation, ...] = (
    Relation("users permuted", users_reversed, "scales"),
    Relation("models permuted", models_rotated, "scales"),
    Relation("units of storage", in_megabytes, "scales"),
    Relation("units of time", in_milliseconds, "scales", factor=1000.0),
    Relation("units of power", in_milliwatts, "scales"),
    Relation("units of quality", in_percent_tv, "scales"),
    Relation("more capacity", roomier_cache, "falls", needs_free_edge=True),
    Relation("more steps", more_steps, "falls"),
    Relation("more power", more_power, "falls"),
    Relation("edge not forced", edge_freed, "falls"),
)


def _with_system(instance: Instance, **changes: Any) -> Instance:
    return replace(instance, system=instance.system.model_copy(update=changes))
