"""What a frame costs under a given cache at least: the slots' linear relaxations.

For a given cache the slots separate, and each spends its steps on the steepest segments of its users' envelopes
(Kellerer, Pferschy and Pisinger, Knapsack Problems, section 11.2).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from solvers.frame.step_prices import CORNERS, Envelopes, Holding
from solvers.kernel import kernel


class Segments(NamedTuple):
    """The falling segments of all envelopes of a frame, slot after slot, the steepest first; G of them."""

    first: np.ndarray
    """(K + 1,) int: where those of each slot begin."""
    model: np.ndarray
    """(G,) int."""
    steps: np.ndarray
    """(G,): length."""
    fall: np.ndarray
    """(G,) > 0: what a step saves."""
    entry_cost: np.ndarray
    """(K, M): what the first corners add to the cloud's cost; 0 unless the edge is forced."""
    entry_steps: np.ndarray
    """(K, M): steps of the first corners."""
    cloud_cost: float
    budget: float


@kernel
def segments_of(envelopes: Envelopes, slots: int, models: int) -> Segments:
    """The envelopes of a frame cut into segments."""
    most = CORNERS * len(envelopes.slot)
    count = np.zeros(slots + 1, dtype=np.int64)
    model, steps, fall = np.empty(most, dtype=np.int64), np.empty(most), np.empty(most)
    entry_cost, entry_steps = np.zeros((slots, models)), np.zeros((slots, models))
    found = 0
    for r in range(len(envelopes.slot)):
        k, m = envelopes.slot[r], envelopes.model[r]
        at, value = 0.0, 0.0
        if envelopes.forced:
            at, value = envelopes.steps[r, 0], envelopes.saving[r, 0]
            entry_cost[k, m] -= value
            entry_steps[k, m] += at
        while True:
            steepest, to = 0.0, -1
            for j in range(CORNERS):
                ahead = envelopes.steps[r, j] - at
                if ahead > 0.0 and envelopes.saving[r, j] - value > steepest * ahead:
                    steepest, to = (envelopes.saving[r, j] - value) / ahead, j
            if to < 0:
                break
            model[found], steps[found], fall[found] = m, envelopes.steps[r, to] - at, steepest
            count[k + 1] += 1
            found += 1
            at, value = envelopes.steps[r, to], envelopes.saving[r, to]
    first = np.cumsum(count)
    model, steps, fall = model[:found], steps[:found], fall[:found]
    for k in range(slots):
        part = slice(first[k], first[k + 1])
        order = np.argsort(-fall[part], kind="mergesort")
        model[part], steps[part], fall[part] = model[part][order], steps[part][order], fall[part][order]
    return Segments(first, model, steps, fall, entry_cost, entry_steps, envelopes.cloud_cost, envelopes.budget)


@kernel
def envelope_cost(segments: Segments, mask: int) -> float:
    """A lower bound on what the frame costs under a cache, a bit mask; air time and charges left out."""
    total = segments.cloud_cost
    for k in range(len(segments.first) - 1):
        free = segments.budget
        for m in range(segments.entry_steps.shape[1]):
            if (mask >> m) & 1:
                free -= segments.entry_steps[k, m]
                total += segments.entry_cost[k, m]
        for g in range(segments.first[k], segments.first[k + 1]):
            if (mask >> segments.model[g]) & 1:
                spent = min(segments.steps[g], free)
                total -= segments.fall[g] * spent
                free -= spent
                if free <= 0.0:
                    break
    return total


@kernel
def charged_cost(segments: Segments, holding: Holding, mask: int) -> float:
    """The cost by the envelopes and the charges of what is held."""
    cost = envelope_cost(segments, mask)
    for m in range(len(holding.size)):
        if (mask >> m) & 1:
            cost += holding.charge[m]
    return cost


@kernel
def improved(segments: Segments, holding: Holding, mask: int) -> tuple[int, float]:
    """A cache than which none with a model more, less or exchanged is cheaper by its envelopes, and its cost.

    Charges are included. From a feasible cache, always to the cheapest neighbour.
    """
    bits = np.int64(1) << np.arange(len(holding.size))
    models = len(holding.size)
    best = charged_cost(segments, holding, mask)
    while True:
        free = holding.room
        for m in range(models):
            if (mask >> m) & 1:
                free -= holding.size[m]
        to = mask
        for m in range(models):
            other = mask ^ bits[m]
            inside = (mask >> m) & 1
            if inside or holding.size[m] <= free:
                cost = charged_cost(segments, holding, other)
                if cost < best:
                    best, to = cost, other
            if inside:
                for n in range(models):
                    if not (mask >> n) & 1 and holding.size[n] <= free + holding.size[m]:
                        swapped = other | bits[n]
                        cost = charged_cost(segments, holding, swapped)
                        if cost < best:
                            best, to = cost, swapped
        if to == mask:
            return mask, best
        mask = to
