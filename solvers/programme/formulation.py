"""An instance as a mixed-integer programme (docs/problem.md, sections 2 and 3).

Columns, with t, k, n and m counted from 0: ``rho_t_m``; ``load_t_m`` where loading costs; and for every
active user ``edge_t_k_n`` (1: served at the edge), ``ramp_t_k_n`` (1: more than A1 steps), ``more_t_k_n`` and
``top_t_k_n`` (steps on the ramp up to floor(A2), and the last one to ceil(A2)), ``s_t_k_n``, their sum, and
``b_t_k_n``. Up to A1 one step is as good as any and from ceil(A2) on more do not help, so that s is 0, 1 or on
the ramp, where the cost is convex and the segments fill in order by themselves: the linear part is
exact for whole steps.

Where lateness has a price, or on request, b is a decision with ``air_t_k_n`` and ``late_t_k_n``; otherwise
bandwidth separates, b is fixed at its optimum and the air time's cost is a constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from problems.caches import fits, room_gb
from problems.episode import Slots, slots_of
from problems.instance import Instance
from problems.solution import Solution
from solvers.programme.least_shares import least_shares
from solvers.programme.programme import AirRows, Builder, Programme
from solvers.programme.step_curves import StepCurves
from solvers.slot.air_loads import AirLoads
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.costs import air_time


@dataclass(frozen=True, eq=False)
class Formulation:
    """A programme with the places of the decisions in it. R active requests, in the order of the trace."""

    instance: Instance
    programme: Programme
    """Its objective is the summed cost: J times the number of active requests."""
    columns: Mapping[str, np.ndarray]
    """The columns of each name: ``rho`` (T M,), ``s`` and ``b`` (R,) and so on."""
    curves: StepCurves

    def solution(self, x: np.ndarray) -> Solution:
        """The decisions at ``x`` (V,), whole numbers rounded; whether they are feasible is not checked."""
        instance = self.instance
        steps, share = np.zeros((2, *instance.trace.request.shape))
        steps[instance.active] = np.rint(x[self.columns["s"]])
        share[instance.active] = x[self.columns["b"]]
        cache = np.rint(x[self.columns["rho"]]).reshape(instance.frames, len(instance.models))
        return Solution(cache, share, steps.astype(np.int64))

    def point(self, solution: Solution) -> np.ndarray:
        """(V,): the columns' values at a solution; steps that the programme leaves out become as good ones."""
        instance, curves = self.instance, self.curves
        slots = slots_of(instance, solution.cache)
        cache, share = np.asarray(solution.cache, dtype=float), np.asarray(solution.bandwidth, dtype=float)
        steps = np.minimum(np.asarray(solution.steps)[instance.active], curves.last)
        ramp = (steps >= curves.first) * curves.has_ramp
        edge, top = np.minimum(steps, 1.0), ramp * curves.has_top * (steps >= curves.last)
        more = ramp * np.clip(steps - curves.first, 0.0, curves.length)
        air = air_time(slots, share.reshape(slots.request.shape))[slots.active]
        parts = {"edge": edge, "ramp": ramp, "more": more, "top": top, "b": share[instance.active], "air": air}
        parts["s"] = edge + (curves.first - 1.0) * ramp + more + top
        parts["rho"], parts["load"] = cache.ravel(), np.maximum(np.diff(cache, axis=0, prepend=0.0), 0.0).ravel()
        if instance.system.deadline_s is not None:
            service = curves.cloud_s + curves.edge_s * edge + curves.ramp_s * ramp
            service += curves.more_s * more + curves.top_s * top
            parts["late"] = np.maximum(0.0, air + service - instance.system.deadline_s)
        x = np.zeros(len(self.programme.names))
        for name, columns in self.columns.items():
            x[columns] = parts[name]
        return x


def formulate(instance: Instance, with_bandwidth: bool | None = None) -> Formulation:
    """The programme of a whole instance.

    ``with_bandwidth`` makes bandwidth a decision (True) or fixes it at its exact optimum (False, for
    instances without a price of lateness); None chooses by what the instance needs.
    """
    coupled = instance.system.couples_budgets
    with_bandwidth = coupled if with_bandwidth is None else with_bandwidth
    if coupled and not with_bandwidth:
        raise ValueError("with_bandwidth: False; must be true where lateness has a price")
    slots = slots_of(instance, np.ones((instance.frames, len(instance.models)), dtype=bool))
    row, user = np.nonzero(slots.active)
    frame, turn = np.divmod(row, instance.slots)
    places = [f"{t}_{k}_{n}" for t, k, n in zip(frame, turn, user, strict=True)]
    builder, curves = Builder(), StepCurves.of(slots)
    rho = _caching(instance, builder)
    _steps(builder, slots, row, rho[frame, slots.request[row, user]], places, curves)
    constant, air = float(curves.cloud_cost.sum()), AirRows.none()
    if with_bandwidth:
        air = _bandwidth(builder, slots, row, places)
    else:
        share = optimal_bandwidth(slots)[0]
        builder.columns("b", places, 0.0, share[slots.active], share[slots.active])
        constant += instance.system.latency_weight * float(air_time(slots, share).sum())
    if coupled:
        _lateness(builder, slots, places, curves)
    return Formulation(instance, builder.programme(constant, air), builder.blocks, curves)


def _caching(instance: Instance, builder: Builder) -> np.ndarray:
    """Columns (T, M) of rho; capacity and, where it costs, loading."""
    system, size = instance.system, instance.catalogue.size_gb
    frames, models = instance.frames, len(size)
    places = [f"{t}_{m}" for t in range(frames) for m in range(models)]
    fitting = np.tile([float(fits(gigabytes, system.cache_gb)) for gigabytes in size], frames)
    rho = builder.columns("rho", places, 0.0, 0.0, fitting, integer=True)
    table = rho.reshape(frames, models)
    capacity = np.full(frames, room_gb(system.cache_gb))
    builder.add(capacity, (np.arange(frames)[:, None], table, size))
    if system.load_cost_per_gb > 0:
        load = builder.columns("load", places, np.tile(system.load_cost_per_gb * size, frames), 0.0, 1.0)
        each, later = np.arange(len(rho)), np.arange(models, len(rho))
        builder.add(np.zeros(len(rho)), (each, rho, 1.0), (each, load, -1.0), (later, rho[: len(later)], -1.0))
    return table


def _steps(
    builder: Builder, slots: Slots, row: np.ndarray, owner: np.ndarray, places: list[str], curves: StepCurves
) -> None:
    """Columns (R,) of the steps; ``row`` is each request's slot and ``owner`` the column of its model's rho."""
    nothing, each = np.zeros(len(places)), np.arange(len(places))
    edge = builder.columns("edge", places, curves.edge_cost, 0.0, 1.0, integer=True)
    ramp = builder.columns("ramp", places, curves.ramp_cost, 0.0, curves.has_ramp, integer=True)
    more = builder.columns("more", places, curves.more_cost, 0.0, curves.length)
    top = builder.columns("top", places, curves.top_cost, 0.0, curves.has_top)
    steps = builder.columns("s", places, 0.0, 0.0, curves.last, integer=True)
    builder.add(nothing, (each, edge, 1.0), (each, owner, -1.0), equal=slots.system.forced_edge)
    builder.add(nothing, (each, ramp, 1.0), (each, edge, -1.0))
    builder.add(nothing, (each, more, 1.0), (each, ramp, -curves.length))
    builder.add(nothing, (each, top, 1.0), (each, ramp, -curves.has_top))
    parts = ((each, edge, 1.0), (each, ramp, curves.first - 1.0), (each, more, 1.0), (each, top, 1.0))
    builder.add(nothing, (each, steps, -1.0), *parts, equal=True)
    builder.add(np.full(len(slots), float(slots.system.step_budget)), (row, steps, 1.0))


def _bandwidth(builder: Builder, slots: Slots, row: np.ndarray, places: list[str]) -> AirRows:
    """Columns (R,) of bandwidth and air time, their rows, and the air times of those who send anything."""
    least = least_shares(slots)
    most = np.clip(1.0 - (least.sum(axis=1, keepdims=True) - least), least, 1.0)
    least, most, sends = least[slots.active], most[slots.active], np.flatnonzero(least[slots.active] > 0)
    whole = np.ones(slots.request.shape)
    ends = []
    for shares in (most, np.where(least > 0, least, most)):
        whole[slots.active] = shares
        ends.append(air_time(slots, whole)[slots.active])
    share = builder.columns("b", places, 0.0, least, most)
    air = builder.columns("air", places, slots.system.latency_weight, *ends)
    builder.add(np.ones(len(slots)), (row, share, 1.0))
    loads = AirLoads.of(slots)
    values = (load[slots.active][sends] for load in (loads.up, loads.snr, loads.down))
    return AirRows(share[sends], air[sends], *values)


def _lateness(builder: Builder, slots: Slots, places: list[str], curves: StepCurves) -> None:
    """Columns (R,) of seconds late: at least latency beyond tau, and what the shortest air time leaves."""
    assert slots.system.deadline_s is not None
    tau, each = slots.system.deadline_s, np.arange(len(places))
    air, fastest = builder.blocks["air"], builder.least("air")
    late = builder.columns("late", places, slots.system.late_penalty, 0.0, np.inf)
    parts = [builder.blocks[name] for name in ("edge", "ramp", "more", "top")]
    seconds = (curves.edge_s, curves.ramp_s, curves.more_s, curves.top_s)
    service = [(each, column, value) for column, value in zip(parts, seconds, strict=True)]
    builder.add(tau - curves.cloud_s, (each, air, 1.0), *service, (each, late, -1.0))
    for base, slopes in curves.least_lateness(fastest, tau):
        terms = [(each, column, slope) for column, slope in zip(parts, slopes, strict=True)]
        builder.add(-base, *terms, (each, late, -1.0))
