"""Prices of steps that bound a frame best, where lateness has no price.

For prices lambda_k >= 0 of the steps in every slot the requests separate, each at a corner of the lower convex envelope
of its cost, and what is left is a knapsack over models; the best prices give the value of the linear
relaxation (Geoffrion, Lagrangean relaxation for integer programming, 1974).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from problems.episode import Slots
from solvers.kernel import kernel
from solvers.slot.costs import service_costs
from solvers.slot.step_options import envelope_steps

PATIENCE = 6
"""Turns that gain little after which the stride is halved."""
LEAST_GAIN = 1e-5
"""Relative to the bound: what is little."""
SHORTEST_STRIDE = 1e-3
MOMENTUM = 0.6
"""Share of the direction before that is kept."""
HALVINGS = 12
"""Of the range of one price for all slots, to begin with."""
CORNERS = 3


class Envelopes(NamedTuple):
    """A frame's active requests, R of them, slot after slot."""

    slot: np.ndarray
    """(R,) int."""
    model: np.ndarray
    """(R,) int."""
    saving: np.ndarray
    """(R, 3): what the edge saves against the cloud with so many steps; may be negative."""
    steps: np.ndarray
    """(R, 3): the corners, in increasing order."""
    cloud_cost: float
    """Of all requests, air time left out."""
    budget: float
    """Steps a slot."""
    forced: bool
    """Whether requests for a model that is held must be served at the edge."""


class Holding(NamedTuple):
    """What a cache may hold."""

    size: np.ndarray
    """(M,) GB."""
    room: float
    """GB."""
    charge: np.ndarray
    """(M,): cost of holding each model, on top; may be negative."""


class Scratch(NamedTuple):
    """Arrays that :func:`priced` fills."""

    worth: np.ndarray
    """(M,): what holding each model saves at the prices, less its charge."""
    share: np.ndarray
    """(M,): how much of it the best cache holds, models divisible."""
    used: np.ndarray
    """(K, M): steps that its requests take, if it is held."""


def envelopes_of(slots: Slots) -> Envelopes:
    """The envelopes of a frame, from its slots with every model held."""
    slot, user = np.nonzero(slots.active)
    steps = envelope_steps(slots)
    steps[..., 0] = 0
    cost = service_costs(slots, steps)[1][slot, user]
    return Envelopes(
        slot,
        slots.request[slot, user],
        cost[:, :1] - cost[:, 1:],
        steps[slot, user, 1:].astype(float),
        float(cost[:, 0].sum()),
        float(slots.system.step_budget),
        slots.system.forced_edge,
    )


@kernel
def scratch_for(slots: int, models: int) -> Scratch:
    """Empty arrays."""
    return Scratch(np.zeros(models), np.zeros(models), np.zeros((slots, models)))


@kernel
def priced(envelopes: Envelopes, holding: Holding, fixed: np.ndarray, price: np.ndarray, scratch: Scratch) -> float:
    """A lower bound on the frame's cost, charges included, at prices (K,); fills ``scratch``.

    ``fixed`` (M,) is 1 for models that are held, -1 for those that are not, 0 for those left open.
    """
    weigh(envelopes, holding, price, scratch)
    worth, share = scratch.worth, scratch.share
    value, room = envelopes.cloud_cost - envelopes.budget * price.sum(), holding.room
    for m in range(len(worth)):
        share[m] = 0.0
        if fixed[m] > 0:
            share[m] = 1.0
            value -= worth[m]
            room -= holding.size[m]
    for m in np.argsort(-worth / holding.size, kind="mergesort"):
        if worth[m] <= 0.0 or room <= 0.0:
            break
        if fixed[m] == 0 and holding.size[m] <= holding.room:
            share[m] = min(1.0, room / holding.size[m])
            value -= share[m] * worth[m]
            room -= holding.size[m]
    return value


@kernel
def weigh(envelopes: Envelopes, holding: Holding, price: np.ndarray, scratch: Scratch) -> None:
    """Fill worth and steps used at prices (K,)."""
    worth, used = scratch.worth, scratch.used
    worth[:] = -holding.charge
    used[:] = 0.0
    for r in range(len(envelopes.slot)):
        k, m = envelopes.slot[r], envelopes.model[r]
        best, taken = 0.0, 0.0
        for j in range(CORNERS):
            value = envelopes.saving[r, j] - price[k] * envelopes.steps[r, j]
            if value > best or (j == 0 and envelopes.forced):
                best, taken = value, envelopes.steps[r, j]
        worth[m] += best
        used[k, m] += taken


@kernel
def common_price(
    envelopes: Envelopes, holding: Holding, fixed: np.ndarray, scratch: Scratch, price: np.ndarray
) -> None:
    """Fill ``price`` (K,) with the one price for all slots at which together they use about their budgets."""
    low, high = 0.0, 0.0
    for r in range(len(envelopes.slot)):
        for j in range(CORNERS):
            high = max(high, envelopes.saving[r, j] / max(envelopes.steps[r, j], 1.0))
    for _ in range(HALVINGS):
        price[:] = 0.5 * (low + high)
        priced(envelopes, holding, fixed, price, scratch)
        if (scratch.used * scratch.share).sum() > envelopes.budget * len(price):
            low = price[0]
        else:
            high = price[0]


@kernel
def raise_prices(
    envelopes: Envelopes,
    holding: Holding,
    fixed: np.ndarray,
    price: np.ndarray,
    upper: float,
    turns: int,
    scratch: Scratch,
) -> float:
    """Improve prices (K,) in place; return the bound at them and fill ``scratch``, as :func:`priced` does.

    Subgradients deflected by those before, with Polyak's stride towards ``upper``, about the frame's cost (Camerini,
    Fratta and Maffioli, On improving relaxation methods by modified gradient techniques, 1975). Ends
    early where the bound reaches ``upper``.
    """
    now, slope, direction = price.copy(), np.zeros(len(price)), np.zeros(len(price))
    best, stride, idle = -math.inf, 1.0, 0
    for _ in range(turns + 1):
        value = priced(envelopes, holding, fixed, now, scratch)
        idle = 0 if value > best + LEAST_GAIN * abs(best) else idle + 1
        if value > best:
            best = value
            price[:] = now
        if best >= upper or stride < SHORTEST_STRIDE:
            break
        if idle >= PATIENCE:
            stride, idle = 0.5 * stride, 0
            now[:] = price
            direction[:] = 0.0
            continue
        steepness = 0.0
        for k in range(len(now)):
            slope[k] = (scratch.used[k] * scratch.share).sum() - envelopes.budget
            direction[k] = slope[k] + MOMENTUM * direction[k]
            if now[k] <= 0.0 and direction[k] < 0.0:
                direction[k] = 0.0
            steepness += direction[k] ** 2
        if steepness == 0.0:
            break
        length = stride * (upper - value) / steepness
        for k in range(len(now)):
            now[k] = max(now[k] + length * direction[k], 0.0)
    return priced(envelopes, holding, fixed, price, scratch)
