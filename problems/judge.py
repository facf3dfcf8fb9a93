"""The one evaluator: cost, metrics and violations. Every reported number comes from here.

It trusts nothing that a solver says. The formulas are those of docs/problem.md, sections 2 and 3.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from problems import physics
from problems.instance import Instance
from problems.solution import Solution
from problems.tolerances import FEASIBILITY_TOLERANCE, OBJECTIVE_TOLERANCE, OPTIMALITY_TOLERANCE


@dataclass(frozen=True)
class Violation:
    """One broken rule: which, where and by how much."""

    rule: str
    place: str
    amount: float | None
    """How far beyond the rule, in the unit of what is constrained; None where nothing is measured."""
    message: str


@dataclass(frozen=True)
class Verdict:
    """What a solution is worth. Means are over the active requests; ``inf`` where undefined."""

    cost: float
    """J."""
    utility: float
    """-J."""
    mean_latency_s: float
    mean_tv: float
    hit_ratio: float
    """Share of active requests whose model is cached."""
    edge_served_ratio: float
    """Share of active requests with s >= 1."""
    late_ratio: float
    """Share of active requests with latency above the deadline; 0 without one."""
    loaded_gb: float
    latency_cost: float
    """The part of J that latency makes; with the next three it adds up to J."""
    quality_cost: float
    late_cost: float
    loading_cost: float
    active_requests: int
    violations: tuple[Violation, ...]

    @property
    def feasible(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations

    def document(self) -> dict[str, Any]:
        """Everything as JSON values; numbers that are not finite become null."""
        return {"feasible": self.feasible, **_finite_only(asdict(self))}


def judge(instance: Instance, solution: Solution) -> Verdict:
    """Cost, metrics and violations of ``solution``, whatever it claims.

    An instance without any active request is costed as if it had one. Raises ValueError when an
    array has not the instance's shape.
    """
    cache, bandwidth, steps = _decisions(instance, solution)
    catalogue, system, trace = instance.catalogue, instance.system, instance.trace
    active = instance.active
    frame, model = np.nonzero(active)[0], trace.request[active]
    count = max(len(model), 1)

    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        latency, tv = _served(instance, bandwidth[active], steps[active])
        lateness = physics.lateness_s(latency, system)
        held = cache[frame, model] == 1
        loads = np.maximum(np.diff(cache, axis=0, prepend=0.0), 0.0)
        loaded_gb = float(loads.sum(axis=0) @ catalogue.size_gb)

        alpha = system.latency_weight
        latency_cost = _finite(alpha * _total(latency)) / count
        quality_cost = _finite((1.0 - alpha) * system.tv_to_s * _total(tv)) / count
        late_cost = _finite(system.late_penalty * _total(lateness)) / count
        loading_cost = _finite(system.load_cost_per_gb * loaded_gb) / count
        cost = latency_cost + quality_cost + late_cost + loading_cost
        violations = tuple(_violations(instance, cache, bandwidth, steps))
    return Verdict(
        cost=cost,
        utility=-cost,
        mean_latency_s=_total(latency) / count,
        mean_tv=_total(tv) / count,
        hit_ratio=float(held.sum()) / count,
        edge_served_ratio=float((steps[active] >= 1).sum()) / count,
        late_ratio=float((lateness > 0).sum()) / count,
        loaded_gb=_finite(loaded_gb),
        latency_cost=latency_cost,
        quality_cost=quality_cost,
        late_cost=late_cost,
        loading_cost=loading_cost,
        active_requests=len(model),
        violations=violations,
    )


def _served(instance: Instance, b: np.ndarray, s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latency (R,) and TV (R,) of the active requests; infinite latency where the bandwidth is no positive number."""
    catalogue, trace, active = instance.catalogue, instance.trace, instance.active
    model = trace.request[active]
    latency = physics.latency_s(
        np.where(b > 0, b, np.nan),
        s,
        trace.gain[active],
        trace.input_mb[active],
        trace.output_mb[active],
        catalogue.step_s[model],
        catalogue.setup_s[model],
        catalogue.cloud_s[model],
        instance.system,
    )
    edge_tv = physics.quality_tv(
        s, catalogue.steps_low[model], catalogue.steps_high[model], catalogue.tv_worst[model], catalogue.tv_best[model]
    )
    tv = np.where(s >= 1, edge_tv, catalogue.tv_best[model])
    return np.where(np.isnan(latency), np.inf, latency), tv


def _decisions(instance: Instance, solution: Solution) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    slots = (instance.frames, instance.slots, instance.users)
    shapes = {"cache": (instance.frames, len(instance.models)), "bandwidth": slots, "steps": slots}
    arrays = []
    for name, shape in shapes.items():
        array = np.asarray(getattr(solution, name), dtype=float)
        if array.shape != shape:
            raise ValueError(f"{name}: array of shape {list(array.shape)}; must be {list(shape)}")
        arrays.append(array)
    return arrays[0], arrays[1], arrays[2]


def _total(values: np.ndarray) -> float:
    return _finite(float(values.sum()))


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.inf


def _violations(instance: Instance, cache: np.ndarray, bandwidth: np.ndarray, steps: np.ndarray) -> list[Violation]:
    active = instance.active
    held = (cache[np.arange(instance.frames)[:, None, None], instance.trace.request] == 1) & active
    found = _Collector()

    found.each("cache.missing", np.isnan(cache), None, "no value for {place}")
    found.each(
        "cache.binary", ~np.isin(cache, (0.0, 1.0)) & ~np.isnan(cache), cache, "{place} is {amount}; must be 0 or 1"
    )
    capacity = instance.system.cache_gb
    used = np.nan_to_num(cache, nan=0.0) @ instance.catalogue.size_gb
    over = used - capacity
    message = f"{{place}} holds {{amount}} GB more than the {capacity:g} GB of the cache"
    found.each("cache.capacity", used > capacity * (1 + FEASIBILITY_TOLERANCE), over, message, "cache")

    found.each("bandwidth.missing", ~np.isfinite(bandwidth), None, "no value for {place}")
    found.each("bandwidth.negative", bandwidth < 0, bandwidth, "{place} is {amount}; must be >= 0")
    found.each(
        "bandwidth.idle", ~active & (bandwidth > 0), bandwidth, "{place} is {amount} for an idle user; must be 0"
    )
    found.each("bandwidth.zero", active & (bandwidth == 0), None, "{place} is 0 for an active user; must be > 0")
    share = np.nansum(bandwidth, axis=2)
    message = "the shares in {place} sum to 1 + {amount}; must be <= 1"
    found.each("bandwidth.sum", share > 1 + FEASIBILITY_TOLERANCE, share - 1, message)

    found.each("steps.missing", ~np.isfinite(steps), None, "no value for {place}")
    fractional = np.isfinite(steps) & (steps != np.floor(steps))
    found.each("steps.fractional", fractional, steps, "{place} is {amount}; must be a whole number")
    found.each("steps.negative", steps < 0, steps, "{place} is {amount}; must be >= 0")
    found.each("steps.idle", ~active & (steps > 0), steps, "{place} is {amount} for an idle user; must be 0")
    budget = instance.system.step_budget
    used_steps = np.nansum(steps, axis=2)
    message = f"the steps in {{place}} exceed the budget of {budget} by {{amount}}"
    found.each("steps.budget", used_steps > budget, used_steps - budget, message)
    message = "{place} is {amount}, but the requested model is not in the cache"
    found.each("steps.uncached", active & ~held & (steps > 0), steps, message)
    if instance.system.forced_edge:
        message = "{place} is 0, but the requested model is cached and the edge is forced"
        found.each("steps.forced_edge", held & (steps == 0), None, message)
    return found.violations


class _Collector:
    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def each(
        self, rule: str, mask: np.ndarray, amount: np.ndarray | None, message: str, field: str | None = None
    ) -> None:
        """One violation for every true entry of ``mask``."""
        field = field or rule.split(".")[0]
        for index in np.argwhere(mask).tolist():
            place = field + "".join(f"[{i}]" for i in index)
            value = None if amount is None else float(amount[tuple(index)])
            text = message.format(place=place, amount=None if value is None else f"{value:.12g}")
            self.violations.append(Violation(rule, place, value, text))


def check_claims(instance: Instance, solution: Solution, verdict: Verdict) -> list[Violation]:
    """What a solution says of itself and is not so: its instance, objective, bound and status."""
    wrong: list[Violation] = []
    cost, bound = verdict.cost, solution.lower_bound
    if solution.instance_sha256 != instance.sha256:
        message = (
            f"made for the instance with hash {solution.instance_sha256[:12]!r}; this one has {instance.sha256[:12]!r}"
        )
        wrong.append(Violation("claim.instance", "instance_sha256", None, message))
    if solution.objective is not None and not close(solution.objective, cost):
        off = solution.objective - cost if math.isfinite(cost) else None
        wrong.append(
            Violation("claim.objective", "objective", off, f"claims {solution.objective!r}; the cost is {cost!r}")
        )
    if bound is not None and verdict.feasible and not bound_holds(bound, cost):
        message = f"claims that no cost is below {bound!r}; this solution's is {cost!r}"
        wrong.append(Violation("claim.lower_bound", "lower_bound", bound - cost, message))
    if solution.status == "optimal" and not proves_optimal(cost, bound):
        message = (
            f"claims optimal; needs lower_bound >= cost (1 - {OPTIMALITY_TOLERANCE:g}), has {bound!r} and {cost!r}"
        )
        wrong.append(Violation("claim.status", "status", None, message))
    if solution.status == "infeasible":
        message = "claims that no solution exists; the cloud alone is always one"
        wrong.append(Violation("claim.status", "status", None, message))
    return wrong


def close(claimed: float, cost: float) -> bool:
    """Whether a claimed objective is the cost, to a relative 1e-9; nothing is close to an infinite cost."""
    return math.isfinite(cost) and abs(claimed - cost) <= OBJECTIVE_TOLERANCE * max(abs(cost), abs(claimed))


def bound_holds(bound: float, cost: float) -> bool:
    """Whether a lower bound is not contradicted by a feasible cost (relative tolerance 1e-9)."""
    return bound <= cost + OBJECTIVE_TOLERANCE * abs(cost)


def proves_optimal(cost: float, bound: float | None) -> bool:
    """Whether ``bound`` certifies ``cost`` to the contract's relative 1e-6."""
    return bound is not None and bound >= cost * (1.0 - OPTIMALITY_TOLERANCE)


def optimality_gap(cost: float, reference: float) -> float:
    """(J - J*) / J*; zero when both are zero, infinite when only the reference is."""
    if reference == 0:
        return 0.0 if cost == 0 else math.inf
    return (cost - reference) / reference


def captured_gain(cost: float, cloud_cost: float, offline_cost: float) -> float | None:
    """(J_cloud - J) / (J_cloud - J_off): 0 is no edge server at all, 1 is hindsight.

    None where the cloud alone is already optimal, so that there is nothing to gain.
    """
    possible = cloud_cost - offline_cost
    if possible <= OBJECTIVE_TOLERANCE * abs(cloud_cost):
        return None
    return (cloud_cost - cost) / possible


def _finite_only(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite_only(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite_only(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
