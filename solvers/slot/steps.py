"""The integer steps of a slot, exactly.

For fixed bandwidth a slot's steps are a multiple-choice knapsack
(:mod:`solvers.slot.multiple_choice`). What steps cost at the edge is the same for every request for a model;
only the cloud's cost is a request's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems import physics
from problems.episode import Slots
from problems.scenario import Catalogue
from solvers.kernel import kernel
from solvers.slot.multiple_choice import choose_options


@dataclass(frozen=True, eq=False)
class StepOptions:
    """For each model the step counts that can be optimal, in increasing order; option 0 is the cloud."""

    steps: np.ndarray
    """(M, O) int, padded by repeating the last option."""
    count: np.ndarray
    """(M,) int: options of each model."""

    @classmethod
    def of(cls, catalogue: Catalogue, step_budget: int) -> StepOptions:
        """0, 1, and every whole number from the first above A1 to the first not below A2, within the budget of a slot.

        Others cannot help: up to A1 more steps cost time and improve nothing, and neither do steps
        beyond A2.
        """
        first = np.maximum(np.floor(catalogue.steps_low).astype(np.int64) + 1, 2)
        last = np.minimum(np.ceil(catalogue.steps_high).astype(np.int64), step_budget)
        count = 2 + np.maximum(last - first + 1, 0)
        ramp = first[:, None] + np.arange(count.max() - 2)
        steps = np.concatenate([np.zeros((len(first), 1), int), np.ones((len(first), 1), int), ramp], axis=1)
        padding = np.take_along_axis(steps, count[:, None] - 1, axis=1)
        return cls(np.where(np.arange(count.max()) < count[:, None], steps, padding), count)


@dataclass(frozen=True, eq=False)
class StepCosts:
    """Cost of the requests of B slots without air time and lateness."""

    options: StepOptions
    edge: np.ndarray
    """(M, O): of each model's options at the edge; its first entry, the cloud's, is not used."""
    cloud: np.ndarray
    """(B, N): through the cloud; 0 for idle users."""

    @classmethod
    def of(cls, slots: Slots) -> StepCosts:
        """From the catalogue and what is asked for, whatever is cached."""
        catalogue, request = slots.catalogue, slots.request
        options = StepOptions.of(catalogue, slots.system.step_budget)
        system = slots.system.model_copy(update={"deadline_s": None})
        curve = (catalogue.steps_low, catalogue.steps_high, catalogue.tv_worst, catalogue.tv_best)
        edge_s = physics.edge_time_s(options.steps, catalogue.step_s[:, None], catalogue.setup_s[:, None])
        edge = physics.request_cost(edge_s, physics.quality_tv(options.steps, *(c[:, None] for c in curve)), system)
        cloud_s = physics.cloud_time_s(slots.input_mb, slots.output_mb, catalogue.cloud_s[request], system)
        cloud = physics.request_cost(cloud_s, catalogue.tv_best[request], system)
        return cls(options, edge, np.where(slots.active, cloud, 0.0))


def optimal_steps(slots: Slots) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steps (B, N), their cost (B,) without air time and lateness, and the envelope bound (B,) on it."""
    return steps_under(slots, StepCosts.of(slots), np.arange(len(slots)), slots.cached)


def steps_under(
    slots: Slots, costs: StepCosts, rows: np.ndarray, cached: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Optimal steps of P variants of slots that differ in what is cached.

    Variant p is slot ``rows[p]`` with ``cached[p]`` (N,). Returns steps (P, N), cost (P,) and the
    envelope bound (P,), as :func:`optimal_steps`.
    """
    system, options = slots.system, costs.options
    steps = np.zeros(cached.shape, dtype=np.int64)
    value, bound = np.zeros(len(rows)), np.zeros(len(rows))
    _solve_all(
        *(options.steps, options.count, costs.edge, costs.cloud, slots.request, rows, cached),
        *(system.step_budget, system.forced_edge, steps, value, bound),
    )
    return steps, value, bound


@kernel
def _solve_all(
    steps: np.ndarray,
    count: np.ndarray,
    edge: np.ndarray,
    cloud: np.ndarray,
    request: np.ndarray,
    rows: np.ndarray,
    cached: np.ndarray,
    budget: int,
    forced: bool,
    chosen: np.ndarray,
    value: np.ndarray,
    bound: np.ndarray,
) -> None:
    users, most = request.shape[1], steps.shape[1]
    item_steps = np.zeros((users, most), dtype=np.int64)
    item_cost = np.zeros((users, most))
    size = np.zeros(users, dtype=np.int64)
    who = np.zeros(users, dtype=np.int64)
    for p in range(len(rows)):
        row = rows[p]
        items, fixed = 0, 0.0
        for n in range(users):
            model = request[row, n]
            if model < 0 or not cached[p, n]:
                fixed += cloud[row, n]
                continue
            first = 1 if forced else 0
            item_cost[items, 0] = cloud[row, n]
            for j in range(first, count[model]):
                item_steps[items, j - first] = steps[model, j]
                if j > 0:
                    item_cost[items, j - first] = edge[model, j]
            size[items], who[items] = count[model] - first, n
            items += 1
        picked, best, low = choose_options(item_steps[:items], item_cost[:items], size[:items], budget)
        value[p], bound[p] = fixed + best, fixed + low
        for i in range(items):
            chosen[p, who[i]] = item_steps[i, picked[i]]
