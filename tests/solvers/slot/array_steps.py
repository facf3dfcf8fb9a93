"""The integer steps of many slots at once by array functions: an independent check of the native search.

Plain dynamic programming over the step budget, no pegging and no search, for whole families where plain Python takes
too long.
"""

from __future__ import annotations

import numpy as np

PRICE_TURNS = 60


def array_steps(steps: np.ndarray, cost: np.ndarray, budget: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The best option of each user, as its place (B, N), their cost (B,), and the envelope bound (B,) on it.

    ``steps`` (B, N, O) whole numbers and ``cost`` (B, N, O) are the options; infinite cost is no
    option. Every slot must have an answer within the ``budget``. The bound is that of the best price of a step, found
    by bisection; any price gives a bound.
    """
    slots, users, most = cost.shape
    room = np.arange(budget + 1)[None, :]
    best = np.zeros((slots, budget + 1))
    choices = []
    for n in range(users):
        options = []
        for j in range(most):
            left = room - steps[:, n, j : j + 1]
            before = np.take_along_axis(best, np.clip(left, 0, budget), axis=1)
            options.append(np.where(left >= 0, before + cost[:, n, j : j + 1], np.inf))
        table = np.stack(options)
        choices.append(table.argmin(axis=0))
        best = table.min(axis=0)
    left = np.full((slots, 1), budget)
    picked = []
    for n in reversed(range(users)):
        place = np.take_along_axis(choices[n], left, axis=1)
        left = left - np.take_along_axis(steps[:, n, :], place, axis=1)
        picked.append(place[:, 0])
    return np.stack(picked[::-1], axis=1), best[:, budget], _envelope_bound(steps, cost, budget)


def _envelope_bound(steps: np.ndarray, cost: np.ndarray, budget: int) -> np.ndarray:
    """(B,) the greatest of ``sum min (cost + price steps) - price budget`` over prices."""
    known = np.where(np.isfinite(cost), cost, 0.0)
    low, high = np.zeros(len(cost)), np.ptp(known, axis=2).sum(axis=1)
    bound = _priced(steps, cost, budget, low)[0]
    for _ in range(PRICE_TURNS):
        price = 0.5 * (low + high)
        value, used = _priced(steps, cost, budget, price)
        bound = np.maximum(bound, value)
        low, high = np.where(used > budget, price, low), np.where(used > budget, high, price)
    return np.maximum(bound, _priced(steps, cost, budget, high)[0])


def _priced(steps: np.ndarray, cost: np.ndarray, budget: int, price: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bound (B,) that a price (B,) gives, and the steps used at it."""
    total = cost + price[:, None, None] * steps
    place = total.argmin(axis=2)[..., None]
    least, used = (np.take_along_axis(a, place, axis=2)[..., 0].sum(axis=1) for a in (total, steps))
    return least - price * budget, used
