"""Slots in the numbers that general-purpose solvers can digest: shares, times and costs near one.

With b = ``share`` x, ``share`` a guess at the optimum, a user's air time is ``up / (x ln(1 + snr / x)) + down / x``.
At low snr the uplink is power-limited and ``1 / (x ln(1 + snr/x)) = 1 / snr + 1 / (2 x) - snr / (12 x^2) + ...``: the
first term is a constant that may be millions of seconds, so it is set apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import Slots
from problems.equal_split import equal_split
from solvers.slot.air_loads import AirLoads
from solvers.slot.costs import service_costs

POWER_LIMITED = 3e-3
"""Below this snr at the guess the series is used; its third term is then below 1e-6 of the first."""
GREATEST_SLACK = 1e4
"""In the slot's unit of time: more time than this before the deadline counts as this much, since nobody needs it."""
LEAST_SHARE = 1e-9
"""Of the band; what an active user gets at the least, since b must be positive."""


@dataclass(frozen=True, eq=False)
class ScaledAir:
    """Air times ``fixed_s + up / (x ln(1 + snr / x)) + down / x`` of the shares b = share x; (B, N) arrays."""

    share: np.ndarray
    """The guess: by the square root of the load, as if the spectral efficiency were constant; 0 where not loaded."""
    loaded: np.ndarray
    """bool: whether air time depends on bandwidth at all; False for idle users, whose loads are 0."""
    up: np.ndarray
    """Seconds."""
    snr: np.ndarray
    """At x = 1; 1 for users without ``up``."""
    down: np.ndarray
    """Seconds."""
    fixed_s: np.ndarray
    """Seconds that no share changes."""

    @classmethod
    def of(cls, slots: Slots) -> ScaledAir:
        """From gains and sizes."""
        loads = AirLoads.of(slots)
        snr = np.maximum(loads.snr * _count(slots)[:, None], POWER_LIMITED)
        log, q = np.log1p(snr), snr / (1 + snr)
        weight = np.sqrt(loads.up * (log - q) / log**2 + loads.down)
        loaded = weight > 0
        share = weight / np.maximum(weight.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        scale = np.where(loaded, share, 1.0)
        flat = (loads.snr < POWER_LIMITED * scale) | (loads.up == 0)
        fixed = np.divide(loads.up, loads.snr, out=np.zeros_like(loads.up), where=flat)
        up, down = np.where(flat, 0.0, loads.up), loads.down + np.where(flat, loads.up / 2, 0.0)
        return cls(share, loaded, up / scale, np.where(flat, 1.0, loads.snr / scale), down / scale, fixed)

    def at(self, x: np.ndarray | float) -> np.ndarray:
        """(B, N) seconds at x > 0, without the fixed ones."""
        return self.up / (x * np.log1p(self.snr / x)) + self.down / x


@dataclass(frozen=True, eq=False)
class ScaledSlots:
    """What a relaxation minimises: ``air_weight`` air + cost + ``late_weight`` max(0, air + seconds - ``slack``).

    Summed over the users, constants left out. Times are in a unit of each slot's own. Where no deadline
    couples the budgets, bandwidth and steps are programmes apart, and each has its own scale.
    """

    share: np.ndarray
    """(B, N), with the next four as in :class:`ScaledAir`."""
    loaded: np.ndarray
    up: np.ndarray
    snr: np.ndarray
    down: np.ndarray
    seconds: np.ndarray
    """(B, N, O): time besides air time with each option of steps."""
    cost: np.ndarray
    """(B, N, O) >= 0: cost of each option, without air time and lateness, above the user's least."""
    slack: np.ndarray
    """(B, N)."""
    air_weight: np.ndarray
    """(B,)."""
    late_weight: np.ndarray
    """(B,); 0 where lateness has no price."""

    @classmethod
    def of(cls, slots: Slots, options: np.ndarray) -> ScaledSlots:
        """With ``options`` (B, N, O) of steps, which need not be whole."""
        air, system, count = ScaledAir.of(slots), slots.system, _count(slots)
        seconds, cost = service_costs(slots, options)
        cost = cost - cost.min(axis=-1, keepdims=True)
        unit = air.at(1.0).sum(axis=1) / count
        if system.couples_budgets:
            unit = unit + seconds.mean(axis=-1).sum(axis=1) / count
            price = max(system.latency_weight, system.late_penalty)
            weights, cost_unit = (system.latency_weight / price, system.late_penalty / price), unit * price
        else:
            weights, cost_unit = (1.0, 0.0), cost.max(axis=-1).sum(axis=1) / count
        unit, cost_unit = (np.where(value > 0, value, 1.0)[:, None] for value in (unit, cost_unit))
        seconds = seconds / unit[..., None]
        # Who is late whatever happens pays a constant, which may be millions of times what can be changed.
        soonest = air.at(1.0 / np.where(air.loaded, air.share, 1.0)) / unit + seconds.min(axis=-1)
        slack = (np.inf if system.deadline_s is None else system.deadline_s - air.fixed_s) / unit
        return cls(
            share=air.share,
            loaded=air.loaded,
            up=air.up / unit,
            snr=air.snr,
            down=air.down / unit,
            seconds=seconds,
            cost=cost / cost_unit[..., None],
            slack=np.clip(slack, soonest, np.maximum(soonest, GREATEST_SLACK)),
            air_weight=np.full(len(slots), weights[0]),
            late_weight=np.full(len(slots), weights[1]),
        )


def to_bandwidth(slots: Slots, shares: np.ndarray) -> np.ndarray:
    """Feasible bandwidth (B, N) from shares of the band (B, N) that are right up to accuracy.

    An equal split where bandwidth has no price.
    """
    active = slots.active
    if slots.system.latency_weight == 0 and not slots.system.couples_budgets:
        return equal_answer(slots)[0]
    shares = np.where(active, np.maximum(shares, LEAST_SHARE), 0.0)
    return shares / np.maximum(shares.sum(axis=1, keepdims=True), LEAST_SHARE)


def equal_answer(slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    """The equal split of bandwidth (B, N) and steps (B, N)."""
    return equal_split(slots.request, slots.cached, slots.catalogue, slots.system.step_budget)


def _count(slots: Slots) -> np.ndarray:
    """(B,) float: active users, at least 1."""
    return np.maximum(slots.active.sum(axis=1), 1).astype(float)
