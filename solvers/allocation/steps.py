"""The integer steps of a slot, exactly.

For fixed bandwidth a slot's steps are a multiple-choice knapsack. Its dual (one price for steps, which
is the linear programme over the convex envelopes) gives a bound; options whose reduced cost exceeds
the distance between the bound and a greedy answer cannot be part of an optimum and are dropped
(pegging); dynamic programming over what is left is exact (Kellerer, Pferschy and Pisinger, Knapsack
Problems, chapter 11).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from problems.episode import Slots
from problems.scenario import Catalogue
from solvers.allocation.costs import service_costs

TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class StepOptions:
    """For each model the step counts that can be optimal, in increasing order; option 0 is the cloud."""

    steps: np.ndarray
    """(M, O) int, padded by repeating the last option."""
    count: np.ndarray
    """(M,) int: options of each model."""

    @classmethod
    def of(cls, catalogue: Catalogue) -> StepOptions:
        """0, 1, and every whole number from the first above A1 to the first not below A2.

        Others cannot help: up to A1 more steps cost time and improve nothing, and neither do steps
        beyond A2.
        """
        first = np.maximum(np.floor(catalogue.steps_low).astype(np.int64) + 1, 2)
        last = np.ceil(catalogue.steps_high).astype(np.int64)
        count = 2 + np.maximum(last - first + 1, 0)
        ramp = first[:, None] + np.arange(count.max() - 2)
        steps = np.concatenate([np.zeros((len(first), 1), int), np.ones((len(first), 1), int), ramp], axis=1)
        padding = np.take_along_axis(steps, count[:, None] - 1, axis=1)
        return cls(np.where(np.arange(count.max()) < count[:, None], steps, padding), count)


def optimal_steps(slots: Slots) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steps (B, N), their cost (B,) without air time and lateness, and the envelope bound (B,) on it."""
    options, system = StepOptions.of(slots.catalogue), slots.system
    _, costs = service_costs(slots, options.steps[slots.request])
    rows = np.arange(len(slots))
    return steps_for(options, costs, slots.request, rows, slots.cached, system.step_budget, system.forced_edge)


def steps_for(
    options: StepOptions,
    costs: np.ndarray,
    request: np.ndarray,
    rows: np.ndarray,
    cached: np.ndarray,
    step_budget: int,
    forced_edge: bool,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Optimal steps of P variants of slots that differ in what is cached.

    ``costs`` (B, N, O) and ``request`` (B, N) describe the slots; variant p is slot ``rows[p]``
    with ``cached[p]`` (N,). Returns steps (P, N), cost (P,) and the envelope bound (P,).
    """
    steps = np.zeros(cached.shape, dtype=np.int64)
    value, bound = np.zeros(len(rows)), np.zeros(len(rows))
    _solve_all(
        options.steps, options.count, costs, request, rows, cached, step_budget, forced_edge, steps, value, bound
    )
    return steps, value, bound


@njit(cache=True)
def _solve_all(
    steps: np.ndarray,
    count: np.ndarray,
    costs: np.ndarray,
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
    for p in range(len(rows)):
        row = rows[p]
        for n in range(users):
            model = request[row, n]
            if model < 0:
                size[n], item_steps[n, 0], item_cost[n, 0] = 1, 0, 0.0
                continue
            first = 1 if forced and cached[p, n] else 0
            last = count[model] if cached[p, n] else 1
            size[n] = last - first
            for j in range(first, last):
                item_steps[n, j - first] = steps[model, j]
                item_cost[n, j - first] = costs[row, n, j]
        picked, value[p], bound[p] = choose_options(item_steps, item_cost, size, budget)
        for n in range(users):
            chosen[p, n] = item_steps[n, picked[n]]


@njit(cache=True)
def choose_options(
    steps: np.ndarray, cost: np.ndarray, size: np.ndarray, budget: int
) -> tuple[np.ndarray, float, float]:
    """One option a user, of least total cost within the budget: a multiple-choice knapsack, exactly.

    ``steps`` and ``cost`` are (N, O), the first ``size[n]`` entries of a row in increasing steps;
    the first options together must fit. Returns the options (N,), their cost and the dual bound.
    """
    users = len(size)
    price, picked = envelope_price(steps, cost, size, budget)
    _fill(steps, cost, size, budget, picked)
    value = 0.0
    for n in range(users):
        value += cost[n, picked[n]]
    cheapest = np.empty(users)
    bound = -price * budget
    for n in range(users):
        cheapest[n] = np.inf
        for j in range(size[n]):
            cheapest[n] = min(cheapest[n], cost[n, j] + price * steps[n, j])
        bound += cheapest[n]
    if bound >= value - TOLERANCE * abs(value):
        return picked, value, bound
    kept, left = _peg(steps, cost, size, price, cheapest, value - bound)
    better, total = _knapsack(steps, cost, kept, left, budget)
    if total < value:
        return better, total, bound
    return picked, value, bound


@njit(cache=True)
def envelope_price(steps: np.ndarray, cost: np.ndarray, size: np.ndarray, budget: int) -> tuple[float, np.ndarray]:
    """The price of a step at the optimum of the envelopes, and the whole options taken before it.

    Segments of the lower convex envelopes in order of steepness, until one does not fit.
    """
    users, most = cost.shape
    fall = np.empty(users * most)
    owner = np.empty(users * most, dtype=np.int64)
    end = np.empty(users * most, dtype=np.int64)
    picked = np.zeros(users, dtype=np.int64)
    segments, free = 0, budget
    hull = np.empty(most, dtype=np.int64)
    for n in range(users):
        free -= steps[n, 0]
        corners = 0
        for j in range(size[n]):
            if corners > 0 and cost[n, j] >= cost[n, hull[corners - 1]]:
                continue
            while corners > 1 and _turns_up(steps[n], cost[n], hull[corners - 2], hull[corners - 1], j):
                corners -= 1
            hull[corners] = j
            corners += 1
        for c in range(1, corners):
            width = steps[n, hull[c]] - steps[n, hull[c - 1]]
            fall[segments] = (cost[n, hull[c]] - cost[n, hull[c - 1]]) / width
            owner[segments], end[segments] = n, hull[c]
            segments += 1
    for segment in np.argsort(fall[:segments], kind="mergesort"):
        n = owner[segment]
        width = steps[n, end[segment]] - steps[n, picked[n]]
        if width > free:
            return -fall[segment], picked
        picked[n] = end[segment]
        free -= width
    return 0.0, picked


@njit(cache=True)
def _turns_up(steps: np.ndarray, cost: np.ndarray, i: int, j: int, k: int) -> bool:
    """Whether corner j lies on or above the line from i to k."""
    return (cost[j] - cost[i]) * (steps[k] - steps[i]) >= (cost[k] - cost[i]) * (steps[j] - steps[i])


@njit(cache=True)
def _fill(steps: np.ndarray, cost: np.ndarray, size: np.ndarray, budget: int, picked: np.ndarray) -> None:
    """Spend what is left of the budget on the single exchange that saves most, again and again."""
    free = budget
    for n in range(len(size)):
        free -= steps[n, picked[n]]
    while True:
        gain, who, what = 0.0, -1, -1
        for n in range(len(size)):
            for j in range(size[n]):
                if steps[n, j] - steps[n, picked[n]] <= free and cost[n, picked[n]] - cost[n, j] > gain:
                    gain, who, what = cost[n, picked[n]] - cost[n, j], n, j
        if who < 0:
            return
        free -= steps[who, what] - steps[who, picked[who]]
        picked[who] = what


@njit(cache=True)
def _peg(
    steps: np.ndarray, cost: np.ndarray, size: np.ndarray, price: float, cheapest: np.ndarray, distance: float
) -> tuple[np.ndarray, np.ndarray]:
    """The options (N, O) whose reduced cost is within ``distance``, and how many a user (N,)."""
    kept = np.zeros(cost.shape, dtype=np.int64)
    left = np.zeros(len(size), dtype=np.int64)
    for n in range(len(size)):
        for j in range(size[n]):
            if cost[n, j] + price * steps[n, j] - cheapest[n] <= distance * (1.0 + 1e-9):
                kept[n, left[n]] = j
                left[n] += 1
    return kept, left


@njit(cache=True)
def _knapsack(
    steps: np.ndarray, cost: np.ndarray, kept: np.ndarray, left: np.ndarray, budget: int
) -> tuple[np.ndarray, float]:
    """Dynamic programming over the kept options; users with one option are taken out first."""
    users = len(left)
    picked = kept[:, 0].copy()
    total, free = 0.0, budget
    undecided = np.empty(users, dtype=np.int64)
    count = 0
    for n in range(users):
        if left[n] == 1:
            total += cost[n, picked[n]]
            free -= steps[n, picked[n]]
        else:
            undecided[count] = n
            count += 1
    if free < 0:
        return picked, np.inf
    best = np.zeros(free + 1)
    after = np.empty(free + 1)
    choice = np.zeros((count, free + 1), dtype=np.int64)
    for i in range(count):
        n = undecided[i]
        after[:] = np.inf
        for entry in range(left[n]):
            j = kept[n, entry]
            need = steps[n, j]
            for room in range(need, free + 1):
                value = best[room - need] + cost[n, j]
                if value < after[room]:
                    after[room] = value
                    choice[i, room] = j
        best, after = after, best
    total += best[free]
    for i in range(count - 1, -1, -1):
        n = undecided[i]
        picked[n] = choice[i, free]
        free -= steps[n, picked[n]]
    return picked, total
