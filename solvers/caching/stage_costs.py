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
    for t in range(instance.frames):
        frame = FrameCosts(instance, t)
        if not frame.learn(masks, budget):
            return None
        cost[t], bound[t] = frame.of(masks)
    return StageCosts(masks, cost, bound)


class FrameCosts:
    """The costs of one frame under caches given as bit masks; every slot is solved once for each thing it sees.

    A slot sees of a cache only which of the models that are asked for it holds.
    """

    def __init__(self, instance: Instance, frame: int) -> None:
        empty = np.zeros((instance.frames, len(instance.models)), dtype=bool)
        rows = range(frame * instance.slots, (frame + 1) * instance.slots)
        self._slots = [slots_of(instance, empty, slice(row, row + 1)) for row in rows]
        self._asked = [int(np.bitwise_or.reduce(1 << s.request[s.active], initial=0)) for s in self._slots]
        self._known = [np.empty(0, dtype=np.int64) for _ in rows]
        self._costs = [np.empty((2, 0)) for _ in rows]

    def learn(self, masks: np.ndarray, budget: Budget) -> bool:
        """Solve what is not known yet for these masks (F,); False if the time runs out."""
        for k, slot in enumerate(self._slots):
            if budget.expired:
                return False
            new = np.setdiff1d(masks & self._asked[k], self._known[k])
            if len(new) == 0:
                continue
            request = np.maximum(slot.request[0], 0)
            cached = ((new[:, None] >> request) & 1 == 1) & slot.active[0]
            known, costs = (
                np.append(self._known[k], new),
                np.append(self._costs[k], np.array(_costs(slot, cached)), axis=1),
            )
            order = np.argsort(known)
            self._known[k], self._costs[k] = known[order], costs[:, order]
        return True

    def of(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cost (F,) and bound (F,) under learnt masks."""
        total = np.zeros((2, len(masks)))
        for asked, known, costs in zip(self._asked, self._known, self._costs, strict=True):
            total += costs[:, np.searchsorted(known, masks & asked)]
        return total[0], total[1]


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
