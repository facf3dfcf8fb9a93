"""The least cost of every frame under every feasible cache, and the plain table of feasible caches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import CAPACITY_TOLERANCE
from problems.episode import Slots, slots_of
from problems.instance import Instance
from problems.scenario import Scenario
from solvers.allocation.exact import MAX_NODES, SLOT_GAP
from solvers.base import Budget, Unsuitable
from solvers.frame.slot_memo import SlotMemo
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.costs import air_time
from solvers.slot.coupled import coupled_allocation
from solvers.slot.steps import StepCosts, steps_under

MAX_MODELS = 20
SEPARATE_BATCH = 20_000
"""Users in the slots that are solved without a look at the clock."""
COUPLED_BATCH = 40
"""The same where a deadline couples the budgets."""


def mask_sizes(instance: Instance | Scenario) -> np.ndarray:
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


def feasible_masks(instance: Instance | Scenario) -> np.ndarray:
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
        rows = slice(frame * instance.slots, (frame + 1) * instance.slots)
        self._slots = slots_of(instance, empty, rows)
        bits = np.where(self._slots.active, np.int64(1) << np.maximum(self._slots.request, 0), 0)
        self._asked = np.bitwise_or.reduce(bits, axis=1)
        self._memo = SlotMemo()
        self._known = np.empty((2, 0))
        coupled = instance.system.couples_budgets
        self._solve = _coupled if coupled else _Separate(self._slots)
        self._batch = max((COUPLED_BATCH if coupled else SEPARATE_BATCH) // instance.users, 1)

    def learn(self, masks: np.ndarray, budget: Budget) -> bool:
        """Solve what is not known yet for these masks (F,); False if the time runs out."""
        places = self._memo.places(masks, self._asked)
        more = len(self._memo) - self._known.shape[1]
        self._known = np.concatenate([self._known, np.full((2, more), np.nan)], axis=1)
        new = np.unique(places[np.isnan(self._known[0, places])])
        for start in range(0, len(new), self._batch):
            if budget.expired:
                return False
            some = new[start : start + self._batch]
            rows, seen = self._memo.pairs(some)
            request = np.maximum(self._slots.request[rows], 0)
            cached = ((seen[:, None] >> request) & 1 == 1) & self._slots.active[rows]
            self._known[:, some] = self._solve(self._slots, rows, cached)
        return True

    def of(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cost (F,) and bound (F,) under learnt masks."""
        total = self._known[:, self._memo.places(masks, self._asked)].sum(axis=2)
        return total[0], total[1]


def _coupled(slots: Slots, rows: np.ndarray, cached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(P,) the optimal cost of variants of slots whose budgets are coupled, and a lower bound on it."""
    _, _, cost, bound = coupled_allocation(slots, rows, cached, SLOT_GAP, MAX_NODES)
    return cost, bound


class _Separate:
    """The same where lateness has no price: the bandwidth is the same under every cache."""

    def __init__(self, slots: Slots) -> None:
        bandwidth, self._air_bound = optimal_bandwidth(slots)
        self._air_cost = slots.system.latency_weight * air_time(slots, bandwidth).sum(axis=1)
        self._costs = StepCosts.of(slots)

    def __call__(self, slots: Slots, rows: np.ndarray, cached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value = steps_under(slots, self._costs, rows, cached)[1]
        return value + self._air_cost[rows], value + self._air_bound[rows]
