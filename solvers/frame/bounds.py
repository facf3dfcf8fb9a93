"""What is known of a frame before any cache is costed: a lower bound, a good cache, and which caches can be better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from problems.caches import fill_in_order, room_gb
from problems.episode import Slots, slots_of
from problems.instance import Instance
from solvers.base import Budget
from solvers.frame import coupled_prices
from solvers.frame.band_prices import band_prices
from solvers.frame.cache_search import caches_worth, most_worth
from solvers.frame.cache_tree import grow, planted
from solvers.frame.coupled_service import demands_of
from solvers.frame.envelope_costs import improved, segments_of
from solvers.frame.step_prices import Holding, common_price, envelopes_of, priced, raise_prices, scratch_for
from solvers.slot.bandwidth import optimal_bandwidth

SLACK = 1e-9
"""Relative: caches within this of what could be optimal are kept, against rounding."""
NODE_TURNS = 20
"""Subgradient steps in a node of the tree of caches."""
NODES_AT_ONCE = 200_000
"""Nodes times requests between two looks at the clock."""
LATENESS_TRIED = 5
"""Prices of the band to begin with, from that without lateness to that of users who are all late."""


class FrameBounds(Protocol):
    """Bounds on the cost of a frame under caches, charges for what is held included."""

    @property
    def lower(self) -> float:
        """Every cache costs at least this."""
        ...

    def below(self, limit: float, most: int, budget: Budget) -> tuple[np.ndarray, np.ndarray, bool]:
        """Bit masks (F,) of all caches that can cost ``limit`` or less, the lowest bound first, and these bounds.

        And whether that is all of them: the search ends after ``most``, or when the time runs out.
        """
        ...


@dataclass(frozen=True)
class PricedBounds:
    """Bounds of given prices: ``base - worth @ rho``."""

    base: float
    worth: np.ndarray
    """(M,)."""
    size_gb: np.ndarray
    """(M,)."""
    room_gb: float

    @property
    def lower(self) -> float:
        """See :class:`FrameBounds`."""
        return self.base - most_worth(self.worth, self.size_gb, self.room_gb)

    def below(self, limit: float, most: int, budget: Budget) -> tuple[np.ndarray, np.ndarray, bool]:
        """See :class:`FrameBounds`."""
        least = self.base - limit - SLACK * abs(limit)
        masks, worth, whole = caches_worth(self.worth, self.size_gb, self.room_gb, least, most)
        return masks, self.base - worth, whole


class EnvelopeBounds:
    """Bounds by the envelopes of the requests, where lateness has no price; prices are raised again in every node."""

    def __init__(
        self, instance: Instance, frame: int, charge: np.ndarray, price: np.ndarray | None, turns: int
    ) -> None:
        """From prices of steps (K,), or with the best that ``turns`` subgradient steps find."""
        slots = _slots(instance, frame)
        self._holding = holding_of(instance, charge)
        self._envelopes = envelopes_of(slots)
        self._segments = segments_of(self._envelopes, instance.slots, len(charge))
        bandwidth, air_bound = optimal_bandwidth(slots)
        self._air = float(air_bound.sum())
        self.band_price = band_prices(slots, bandwidth)
        self.step_price = np.zeros(instance.slots) if price is None else price.copy()
        nothing, scratch = np.zeros(len(charge), dtype=np.int8), scratch_for(instance.slots, len(charge))
        if price is None and turns > 0:
            common_price(self._envelopes, self._holding, nothing, scratch, self.step_price)
        lower = priced(self._envelopes, self._holding, nothing, self.step_price, scratch)
        self.cache, cost = self._rounded(instance, scratch.share, scratch.worth)
        if price is None and turns > 0:
            lower = raise_prices(self._envelopes, self._holding, nothing, self.step_price, cost, turns, scratch)
            other, other_cost = self._rounded(instance, scratch.share, scratch.worth)
            self.cache = other if other_cost < cost else self.cache
        self._lower = lower

    @property
    def lower(self) -> float:
        """See :class:`FrameBounds`."""
        return self._lower + self._air

    def _rounded(self, instance: Instance, share: np.ndarray, worth: np.ndarray) -> tuple[int, float]:
        """A good cache, and about what it costs, from shares (M,) and worth (M,) of the models."""
        order = np.lexsort((-worth / self._holding.size, -share))
        held = fill_in_order(order[worth[order] > 0], self._holding.size, instance.system.cache_gb)
        found: tuple[int, float] = improved(self._segments, self._holding, mask_of(held))
        return found

    def below(self, limit: float, most: int, budget: Budget) -> tuple[np.ndarray, np.ndarray, bool]:
        """See :class:`FrameBounds`."""
        tree = planted(self.step_price, self._lower, len(self._holding.size), most)
        reach = limit - self._air + SLACK * abs(limit)
        nodes, roomy = 1 + NODES_AT_ONCE // (1 + len(self._envelopes.slot)), True
        while roomy and tree.open[0] > 0 and not budget.expired:
            roomy = grow(tree, self._envelopes, self._segments, self._holding, reach, NODE_TURNS, nodes)
        found = int(tree.found[0])
        order = np.argsort(tree.costs[:found], kind="stable")
        return tree.masks[order], tree.costs[order] + self._air, tree.open[0] == 0


@dataclass(frozen=True)
class CoupledStart:
    """Prices of both budgets in one frame, raised, with the bounds that they give."""

    steps: np.ndarray
    """(K,)."""
    band: np.ndarray
    """(K,)."""
    bounds: PricedBounds


def coupled_start(instance: Instance, frame: int, start: EnvelopeBounds, upper: float, turns: int) -> CoupledStart:
    """The best prices that ``turns`` subgradient steps find, where a deadline couples the budgets and loading is free.

    ``start`` is the frame without lateness, ``upper`` about what it costs.
    """
    slots, models = _slots(instance, frame), len(instance.models)
    holding = holding_of(instance, np.zeros(models))
    demands = demands_of(slots)
    answers = coupled_prices.answers_for(demands, instance.slots, models)
    late = 1.0 + instance.system.late_penalty / max(instance.system.latency_weight, 1e-3 * instance.system.late_penalty)
    tried = [start.band_price * factor for factor in np.geomspace(1.0, late, LATENESS_TRIED)]
    values = [coupled_prices.priced(demands, holding, start.step_price, band, answers) for band in tried]
    steps, band = start.step_price.copy(), tried[int(np.argmax(values))]
    coupled_prices.raise_prices(demands, holding, steps, band, upper, turns, answers)
    base = float(answers.cloud_cost[0] - (instance.system.step_budget * steps + band).sum())
    return CoupledStart(steps, band, PricedBounds(base, answers.worth, holding.size, holding.room))


def holding_of(instance: Instance, charge: np.ndarray) -> Holding:
    """The models and what holding them is charged (M,)."""
    return Holding(instance.catalogue.size_gb, room_gb(instance.system.cache_gb), charge)


def mask_of(held: np.ndarray) -> int:
    """The bit mask of a cache (M,) bool."""
    return int((np.int64(1) << np.flatnonzero(held).astype(np.int64)).sum())


def _slots(instance: Instance, frame: int) -> Slots:
    everything = np.ones((instance.frames, len(instance.models)), dtype=bool)
    return slots_of(instance, everything, slice(frame * instance.slots, (frame + 1) * instance.slots))
