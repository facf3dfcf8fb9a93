"""The least cost of every frame under every feasible cache, and the plain table of feasible caches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import Slots, slots_of
from problems.instance import Instance
from problems.packing import CAPACITY_TOLERANCE
from solvers.allocation.bandwidth import optimal_bandwidth
from solvers.allocation.costs import air_time, slot_costs
from solvers.allocation.exact import ExactAllocation
from solvers.allocation.steps import StepOptions, option_costs, steps_for
from solvers.base import Budget, Unsuitable

MAX_MODELS = 20
MAX_ROWS = 20_000
"""Slots times caches that are held in memory at once."""


def mask_sizes(instance: Instance) -> np.ndarray:
    """(2^M,) GB: the size of every set of models, numbered by its bits.

    Raises Unsuitable for more than 20 models.
    """
    models = len(instance.models)
    if models > MAX_MODELS:
        raise Unsuitable(f"enumerates the caches of at most {MAX_MODELS} models; the catalogue has {models}")
    size = np.zeros(1)
    for gigabytes in instance.catalogue.size_gb:
        size = np.concatenate([size, size + gigabytes])
    return size


def feasible_masks(instance: Instance) -> np.ndarray:
    """(F,) the sets of models that fit the cache, as bit masks in increasing order. Raises Unsuitable."""
    return np.flatnonzero(mask_sizes(instance) <= instance.system.cache_gb * (1 + CAPACITY_TOLERANCE))


def mask_to_cache(masks: np.ndarray, models: int) -> np.ndarray:
    """(F, M) bool: bit m of a mask says whether model m is held."""
    bits: np.ndarray = (masks[:, None] >> np.arange(models)) & 1
    return bits.astype(bool)


@dataclass(frozen=True, eq=False)
class StageCosts:
    """The summed request costs of each frame under each cache, loading aside."""

    masks: np.ndarray
    """(F,) bit masks of the caches."""
    cost: np.ndarray
    """(T, F): what the exact allocation attains."""
    bound: np.ndarray
    """(T, F): what no allocation can go below."""


def stage_costs(instance: Instance, masks: np.ndarray, budget: Budget) -> StageCosts | None:
    """The stage costs of all frames; None if the budget's time runs out.

    Without a price of lateness cost and bound agree to about 1e-12. With one, ``cost`` is what the
    exact allocation's descent finds and ``bound`` leaves lateness out.
    """
    cost = np.zeros((instance.frames, len(masks)))
    bound = np.zeros_like(cost)
    empty = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    for t in range(instance.frames):
        if budget.expired:
            return None
        slots = slots_of(instance, empty, slice(t * instance.slots, (t + 1) * instance.slots))
        rows, cached, variant = _variants(slots, masks)
        free_cost, free_bound = _free_costs(slots, rows, cached)
        coupled = instance.system.couples_budgets
        attained = _coupled_costs(slots, rows, cached) if coupled else free_cost
        for k in range(instance.slots):
            cost[t] += attained[variant[k]]
            bound[t] += free_bound[variant[k]]
    return StageCosts(masks, cost, bound)


def _variants(slots: Slots, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What the caches make of each slot, each different outcome once.

    Returns for P variants the slot (P,) and who finds the model cached (P, N), and the variant of
    every slot and cache (K, F).
    """
    rows, cached, variant = [], [], np.zeros((len(slots), len(masks)), dtype=np.int64)
    found = 0
    for k, request in enumerate(slots.request):
        asked = int(np.bitwise_or.reduce(1 << request[request >= 0], initial=0))
        kinds, inverse = np.unique(masks & asked, return_inverse=True)
        variant[k] = found + inverse
        rows.append(np.full(len(kinds), k))
        cached.append((((kinds[:, None] >> np.maximum(request, 0)) & 1) == 1) & (request >= 0))
        found += len(kinds)
    return np.concatenate(rows), np.concatenate(cached), variant


def _free_costs(slots: Slots, rows: np.ndarray, cached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(P,) optimal cost of the variants with lateness left out, and a lower bound on it."""
    bandwidth, air_bound = optimal_bandwidth(slots)
    air_cost = slots.system.latency_weight * air_time(slots, bandwidth).sum(axis=1)
    options = StepOptions.of(slots.catalogue)
    system = slots.system
    _, value, _ = steps_for(
        options, option_costs(slots, options), slots.request, rows, cached, system.step_budget, system.forced_edge
    )
    return value + air_cost[rows], value + air_bound[rows]


def _coupled_costs(slots: Slots, rows: np.ndarray, cached: np.ndarray) -> np.ndarray:
    """(P,) cost of the variants under the exact allocation, lateness included."""
    total = np.zeros(len(rows))
    for start in range(0, len(rows), MAX_ROWS):
        part = slice(start, start + MAX_ROWS)
        chunk = slots.take(rows[part]).caching(cached[part])
        bandwidth, steps = ExactAllocation().allocate(chunk)
        total[part] = slot_costs(chunk, bandwidth, steps)
    return total
