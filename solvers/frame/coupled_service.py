"""The cheapest service of a request at prices of both budgets, where a deadline couples them.

Figures are lower bounds even where the best shares are inexact, by the argument of
:mod:`problems.certificates.service`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from problems.episode import Slots
from solvers.kernel import kernel
from solvers.slot.air_loads import NEAR, AirLoads, air_terms, share_of_air, share_of_price
from solvers.slot.costs import service_costs
from solvers.slot.steps import StepOptions

LEAST_SHARE = 1e-12
"""Where the search for a share begins at least."""


class Demands(NamedTuple):
    """A frame's active requests, R of them, slot after slot, and their options, the cloud first; at most O each."""

    slot: np.ndarray
    """(R,) int."""
    model: np.ndarray
    """(R,) int."""
    up: np.ndarray
    """(R,) and the next two: the air loads of :class:`solvers.slot.air_loads.AirLoads`."""
    snr: np.ndarray
    down: np.ndarray
    steps: np.ndarray
    """(R, O): in increasing order."""
    options: np.ndarray
    """(R,) int: how many there are."""
    room: np.ndarray
    """(R, O): seconds that an option leaves on the air before the deadline."""
    cost: np.ndarray
    """(R, O): beside air time and lateness."""
    kink: np.ndarray
    """(R, O): about the share at which it is just in time; infinite where none is enough."""
    kink_load: np.ndarray
    """(R, O): F of that share, as in :mod:`solvers.slot.air_loads`."""
    kink_air: np.ndarray
    """(R, O): its air time."""
    budget: float
    """Steps a slot."""
    forced: bool
    alpha: float
    kappa: float


def demands_of(slots: Slots) -> Demands:
    """A frame's requests, from its slots."""
    system, options, loads = slots.system, StepOptions.of(slots.catalogue, slots.system.step_budget), AirLoads.of(slots)
    assert system.deadline_s is not None
    slot, user = np.nonzero(slots.active)
    model = slots.request[slot, user]
    seconds, cost = service_costs(slots, options.steps[slots.request])
    room = system.deadline_s - seconds[slot, user]
    up, snr, down = (array[slot, user] for array in (loads.up, loads.snr, loads.down))
    return Demands(
        *(slot, model, up, snr, down),
        *(
            options.steps[model].astype(float),
            options.count[model],
            room,
            cost[slot, user],
            *_kinks(up, snr, down, room),
        ),
        *(float(system.step_budget), system.forced_edge, system.latency_weight, system.late_penalty),
    )


@kernel
def _kinks(
    up: np.ndarray, snr: np.ndarray, down: np.ndarray, room: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    kink, load, air = np.full(room.shape, np.inf), np.ones(room.shape), np.zeros(room.shape)
    for r in range(len(room)):
        for j in range(room.shape[1]):
            if room[r, j] > 0.0 and up[r] + down[r] > 0.0:
                kink[r, j] = share_of_air(room[r, j], up[r], snr[r], down[r], NEAR)
                load[r, j], _slope, air[r, j] = air_terms(min(kink[r, j], 1.0), up[r], snr[r], down[r])
    return kink, load, air


@kernel
def served(
    demands: Demands, never: np.ndarray, always: np.ndarray, r: int, price: float, band: float
) -> tuple[float, float, float, float, float]:
    """Cost and share of request ``r`` by the cloud; cost, share and steps where its model is held.

    ``never`` and ``always`` (R,) hold its shares if it is never or always late, those of the last call at first.
    """
    steps, cost, room = demands.steps[r], demands.cost[r], demands.room[r]
    kink, load, seconds = demands.kink[r], demands.kink_load[r], demands.kink_air[r]
    air, weights = (demands.up[r], demands.snr[r], demands.down[r]), (demands.alpha, demands.alpha + demands.kappa)
    shares = _shares(weights, band, air, never[r], always[r])
    if shares[3] > 0.0:
        never[r], always[r] = max(shares[0], LEAST_SHARE), shares[3]
    cloud, cloud_band = _option(weights, band, shares, cost[0], room[0], kink[0], load[0], seconds[0])
    edge, edge_band, best = cloud, cloud_band, 0
    last = demands.options[r] - 1
    if last >= 1:
        value, used = _option(weights, band, shares, cost[1], room[1], kink[1], load[1], seconds[1])
        value += price * steps[1]
        if value < edge or demands.forced:
            edge, edge_band, best = value, used, 1
    # Beyond the first step that counts the cost is convex.
    low, high = 2, last
    while low < high:
        j = (low + high) // 2
        rise = price * (steps[j + 1] - steps[j])
        rise += _option(weights, band, shares, cost[j + 1], room[j + 1], kink[j + 1], load[j + 1], seconds[j + 1])[0]
        rise -= _option(weights, band, shares, cost[j], room[j], kink[j], load[j], seconds[j])[0]
        if rise < 0.0:
            low = j + 1
        else:
            high = j
    if low == high:
        value, used = _option(weights, band, shares, cost[low], room[low], kink[low], load[low], seconds[low])
        value += price * steps[low]
        if value < edge:
            edge, edge_band, best = value, used, low
    return cloud, cloud_band, edge, edge_band, steps[best]


@kernel
def _shares(
    weights: tuple[float, float], band: float, air: tuple[float, float, float], never: float, always: float
) -> tuple[float, float, float, float, float, float]:
    """Share, air time and least cost of a request that is never late, then of one always late, its slack left out."""
    up, snr, down = air
    if up + down <= 0.0:
        return 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    low, high = weights
    never_air, never_cost = np.inf, 0.0
    if low > 0.0:
        never = share_of_price(math.log(band / low), never, up, snr, down, NEAR)
        load, _slope, never_air = air_terms(never, up, snr, down)
        never_cost = _least(never, load, never_air, band, low)
    else:
        never = 0.0
    always = share_of_price(math.log(band / high), always, up, snr, down, NEAR)
    load, _slope, always_air = air_terms(always, up, snr, down)
    always_cost = _least(always, load, always_air, band, high)
    return never, never_air, never_cost, always, always_air, always_cost


@kernel
def _least(share: float, load: float, seconds: float, band: float, weight: float) -> float:
    """A lower bound on min over b of weight air(b) + band b, good where the ``share`` is near the minimiser.

    The share is the minimiser of own air(b) + band b for some ``own`` weight, and air time and price are not negative.
    """
    own = band * share * share / load
    return min(1.0, weight / own) * (own * seconds + band * share)


@kernel
def _option(
    weights: tuple[float, float],
    band: float,
    shares: tuple[float, float, float, float, float, float],
    cost: float,
    room: float,
    kink: float,
    load: float,
    seconds: float,
) -> tuple[float, float]:
    """Cost of an option with the best share, steps aside, and that share."""
    never, never_air, never_cost, always, always_air, always_cost = shares
    low, high = weights
    if never_air <= room:
        return cost + never_cost, never
    if always_air >= room or kink == np.inf:
        return cost + always_cost - (high - low) * room, always
    weight = min(max(band * kink * kink / load, low), high)
    return cost + _least(kink, load, seconds, band, weight) - (weight - low) * room, kink
