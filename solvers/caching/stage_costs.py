"""The least cost of every frame under every feasible cache, and the plain table of feasible caches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import Slots, slots_of
from problems.instance import Instance
from problems.packing import CAPACITY_TOLERANCE
from solvers.allocation.bandwidth import optimal_bandwidth
from solvers.allocation.costs import air_time, service_costs
from solvers.allocation.coupled import coupled_allocation
from solvers.allocation.exact import MAX_NODES, SLOT_GAP
from solvers.allocation.steps import StepOptions, steps_for
from solvers.base import Budget, Unsuitable

MAX_MODELS = 20


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

    Cost and bound agree to about 1e-12, or to 1e-9 where lateness has a price.
    """
    cost = np.zeros((instance.frames, len(masks)))
    bound = np.zeros_like(cost)
    empty = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    for t in range(instance.frames):
        for k in range(instance.slots):
            if budget.expired:
                return None
            row = t * instance.slots + k
            slot = slots_of(instance, empty, slice(row, row + 1))
            cached, variant = _variants(slot, masks)
            attained, proved = _costs(slot, cached)
            cost[t] += attained[variant]
            bound[t] += proved[variant]
    return StageCosts(masks, cost, bound)


def _variants(slot: Slots, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the caches make of one slot, each different outcome once.

    Returns who finds the model cached (P, N) in each of P variants, and the variant of every cache (F,).
    """
    request, active = slot.request[0], slot.active[0]
    asked = int(np.bitwise_or.reduce(1 << request[active], initial=0))
    kinds, variant = np.unique(masks & asked, return_inverse=True)
    cached: np.ndarray = ((kinds[:, None] >> np.maximum(request, 0)) & 1 == 1) & active
    return cached, variant


def _costs(slot: Slots, cached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(P,) the optimal cost of each variant of one slot, and a lower bound on it."""
    system = slot.system
    rows = np.zeros(len(cached), dtype=np.int64)
    if system.couples_budgets:
        _, _, cost, bound = coupled_allocation(slot, rows, cached, SLOT_GAP, MAX_NODES)
        return cost, bound
    bandwidth, air_bound = optimal_bandwidth(slot)
    air_cost = system.latency_weight * air_time(slot, bandwidth).sum()
    options = StepOptions.of(slot.catalogue)
    _, costs = service_costs(slot, options.steps[slot.request])
    _, value, _ = steps_for(options, costs, slot.request, rows, cached, system.step_budget, system.forced_edge)
    return value + air_cost, value + air_bound[0]
