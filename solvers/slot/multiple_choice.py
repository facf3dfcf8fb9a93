"""The multiple-choice knapsack, exactly: one option of each of some users, of least cost within a budget of steps.

Its dual (one price for steps, which is the linear programme over the convex envelopes) gives a bound; options whose
reduced cost exceeds the distance between the bound and a greedy answer cannot be part of an
optimum and are dropped (pegging); dynamic programming over what is left is exact (Kellerer,
Pferschy and Pisinger, Knapsack Problems, chapter 11).
"""

from __future__ import annotations

import numpy as np

from solvers.kernel import kernel, vector_kernel

TOLERANCE = 1e-12


@kernel
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


@kernel
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


@kernel
def _turns_up(steps: np.ndarray, cost: np.ndarray, i: int, j: int, k: int) -> bool:
    """Whether corner j lies on or above the line from i to k."""
    return (cost[j] - cost[i]) * (steps[k] - steps[i]) >= (cost[k] - cost[i]) * (steps[j] - steps[i])


@kernel
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


@kernel
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


@kernel
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
    best = np.full((count + 1, free + 1), np.inf)
    best[0] = 0.0
    later = 0
    least = np.zeros(count + 1, dtype=np.int64)
    for i in range(count - 1, -1, -1):
        least[i + 1] = max(0, free - later)
        n = undecided[i]
        later += steps[n, kept[n, left[n] - 1]]
    for i in range(count):
        n = undecided[i]
        for entry in range(left[n]):
            j = kept[n, entry]
            need = steps[n, j]
            start = max(least[i + 1], need)
            if start > free:
                continue
            _take(best[i, start - need : free + 1 - need], best[i + 1, start:], cost[n, j])
    total += best[count, free]
    for i in range(count - 1, -1, -1):
        n = undecided[i]
        for entry in range(left[n]):
            j = kept[n, entry]
            room = free - steps[n, j]
            if room >= 0 and best[i, room] + cost[n, j] == best[i + 1, free]:
                picked[n] = j
                free = room
                break
    return picked, total


@vector_kernel
def _take(before: np.ndarray, after: np.ndarray, cost: float) -> None:
    """``after`` where it is less than ``before + cost``, else that."""
    for room in range(len(before)):
        value = before[room] + cost
        after[room] = value if value < after[room] else after[room]
