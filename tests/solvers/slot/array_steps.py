"""The integer steps of many slots at once by array functions alone, for NumPy arrays and torch tensors.

Plain dynamic programming over the step budget: no pegging, no search. What tests hold the native method of
:mod:`solvers.slot.steps` against, and what runs on an accelerator or inside a learner.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace, device

Array = Any
"""A NumPy array or a torch tensor."""

PRICE_TURNS = 60


def array_steps(steps: Array, cost: Array, budget: int) -> tuple[Array, Array, Array]:
    """The best option of each user, as its place (B, N), their cost (B,), and the envelope bound (B,) on it.

    ``steps`` (B, N, O) whole numbers and ``cost`` (B, N, O) floats are the options; infinite cost is no
    option. Every slot must have an answer within the ``budget``. The bound is that of the best price of a step, found
    by bisection; any price gives a bound.
    """
    xp = array_namespace(steps, cost)
    slots, users, most = cost.shape
    room = xp.arange(budget + 1, device=device(cost))[None, :]
    best = xp.zeros((slots, budget + 1), dtype=cost.dtype, device=device(cost))
    choices = []
    for n in range(users):
        options = []
        for j in range(most):
            left = room - steps[:, n, j : j + 1]
            before = xp.take_along_axis(best, xp.clip(left, 0, budget), axis=1)
            options.append(xp.where(left >= 0, before + cost[:, n, j : j + 1], xp.inf))
        table = xp.stack(options, axis=0)
        choices.append(xp.argmin(table, axis=0))
        best = xp.min(table, axis=0)
    left = xp.full((slots, 1), budget, dtype=steps.dtype, device=device(cost))
    picked = []
    for n in reversed(range(users)):
        place = xp.take_along_axis(choices[n], left, axis=1)
        left = left - xp.take_along_axis(steps[:, n, :], place, axis=1)
        picked.append(place[:, 0])
    return xp.stack(picked[::-1], axis=1), best[:, budget], _envelope_bound(xp, steps, cost, budget)


def _envelope_bound(xp: Any, steps: Array, cost: Array, budget: int) -> Array:
    """(B,) the greatest of ``sum min (cost + price steps) - price budget`` over prices."""
    steps = xp.astype(steps, cost.dtype)
    known = xp.where(xp.isfinite(cost), cost, xp.zeros_like(cost))
    low = xp.zeros_like(cost[:, 0, 0])
    high = xp.sum(xp.max(known, axis=2) - xp.min(known, axis=2), axis=1)
    bound = _priced(xp, steps, cost, budget, low)[0]
    for _ in range(PRICE_TURNS):
        price = 0.5 * (low + high)
        value, used = _priced(xp, steps, cost, budget, price)
        bound = xp.maximum(bound, value)
        low, high = xp.where(used > budget, price, low), xp.where(used > budget, high, price)
    return xp.maximum(bound, _priced(xp, steps, cost, budget, high)[0])


def _priced(xp: Any, steps: Array, cost: Array, budget: int, price: Array) -> tuple[Array, Array]:
    """The bound (B,) that a price (B,) gives, and the steps used at it."""
    total = cost + price[:, None, None] * steps
    place = xp.argmin(total, axis=2)[..., None]
    least, used = (xp.sum(xp.take_along_axis(a, place, axis=2)[..., 0], axis=1) for a in (total, steps))
    return least - price * budget, used
