"""From fractional steps to whole ones: round, repair the budget by least regret, spend what is left.

Everything works on B slots at once. A move takes one user of a slot to another number of steps; the
moves tried are to the corners of the user's cost curve and to exactly what the budget leaves, since in
an optimum at most one user has other steps than those of a corner.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems import physics
from problems.episode import Slots
from solvers.slot.costs import air_time, service, slot_costs
from solvers.slot.step_options import deadline_steps, envelope_steps, step_range

SNAP = 1e-3
"""Fractional steps this close to a whole number count as that number."""
LEAST_GAIN = 1e-12
"""Moves that gain less than this share of a user's cost are not made, so that the search ends."""


def round_steps(slots: Slots, bandwidth: np.ndarray, fractional: np.ndarray) -> np.ndarray:
    """Whole steps (B, N), feasible in every slot, for a fixed bandwidth (B, N) > 0 of the active users.

    ``fractional`` (B, N) may be anything finite. Each slot is rounded twice, down and up to the
    cheapest corner; both are repaired and improved by single moves, and the cheaper one is kept.
    So where rounding down is feasible, the answer costs no more than rounding down does.
    """
    curves = _Curves.of(slots, air_time(slots, bandwidth))
    down = np.clip(np.floor(fractional + SNAP), curves.fewest, curves.most).astype(np.int64)
    best = _improve(curves, _repair(curves, down))
    up = _improve(curves, _repair(curves, _round_up(curves, fractional)))
    better = slot_costs(slots, bandwidth, up) < slot_costs(slots, bandwidth, best)
    return np.where(better[:, None], up, best)


@dataclass(frozen=True, eq=False)
class _Curves:
    """The users' costs as functions of steps, at fixed air times."""

    slots: Slots
    air: np.ndarray
    """(B, N), seconds."""
    fewest: np.ndarray
    """(B, N) int."""
    most: np.ndarray
    """(B, N) int."""
    corners: np.ndarray
    """(B, N, C) int."""
    corner_costs: np.ndarray
    """(B, N, C)."""

    @classmethod
    def of(cls, slots: Slots, air: np.ndarray) -> _Curves:
        fewest, most = step_range(slots)
        corners = np.concatenate([envelope_steps(slots), deadline_steps(slots, air)], axis=-1)
        return cls(slots, air, fewest, most, corners, _costs(slots, air, corners))

    def costs(self, steps: np.ndarray) -> np.ndarray:
        """(B, N) costs at steps (B, N)."""
        return _costs(self.slots, self.air, steps[..., None])[..., 0]

    def moves(self, steps: np.ndarray, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Targets (B, N, C + 1) and what they gain: the corners, and ``change`` (B,) more steps than ``steps``."""
        exact = np.clip(steps + change[:, None], self.fewest, self.most)
        targets = np.concatenate([self.corners, exact[..., None]], axis=-1)
        costs = np.concatenate([self.corner_costs, self.costs(exact)[..., None]], axis=-1)
        now = self.costs(steps)[..., None]
        gain = now - costs
        return targets, np.where(np.abs(gain) <= LEAST_GAIN * np.abs(now), 0.0, gain)


def _costs(slots: Slots, air: np.ndarray, steps: np.ndarray) -> np.ndarray:
    seconds, tv = service(slots, steps)
    return np.asarray(physics.request_cost(air[..., None] + seconds, tv, slots.system))


def _round_up(curves: _Curves, fractional: np.ndarray) -> np.ndarray:
    """The cheapest corner from ``fractional`` on; users at their fewest steps stay there."""
    allowed = curves.corners >= np.minimum(fractional - SNAP, curves.most)[..., None]
    cheapest = np.where(allowed, curves.corner_costs, np.inf).argmin(axis=-1)
    up = np.take_along_axis(curves.corners, cheapest[..., None], axis=-1)[..., 0]
    return np.where(fractional <= curves.fewest + SNAP, curves.fewest, up)


def _repair(curves: _Curves, steps: np.ndarray) -> np.ndarray:
    """Take steps away, least regret for each step of the excess first, until every slot keeps its budget."""
    rows = np.arange(len(steps))
    while True:
        excess = steps.sum(axis=1) - curves.slots.system.step_budget
        if (excess <= 0).all():
            return steps
        targets, gain = curves.moves(steps, -np.maximum(excess, 0))
        freed = np.minimum(steps[..., None] - targets, excess[:, None, None])
        regret = np.where(freed > 0, -gain / np.maximum(freed, 1), np.inf)
        user, move = np.unravel_index(regret.reshape(len(rows), -1).argmin(axis=1), regret.shape[1:])
        over = excess > 0
        steps = steps.copy()
        steps[rows[over], user[over]] = targets[rows, user, move][over]


def _improve(curves: _Curves, steps: np.ndarray) -> np.ndarray:
    """Move after move of the greatest gain a step within the budget, those that need no steps first."""
    rows = np.arange(len(steps))
    while True:
        spare = curves.slots.system.step_budget - steps.sum(axis=1)
        targets, gain = curves.moves(steps, spare)
        need = targets - steps[..., None]
        possible = (gain > 0) & (need <= spare[:, None, None])
        if not possible.any():
            return steps
        worth = np.where(need <= 0, np.inf, gain / np.maximum(need, 1))
        worth = np.where(possible, worth, -np.inf).reshape(len(rows), -1)
        user, move = np.unravel_index(worth.argmax(axis=1), gain.shape[1:])
        found = possible.any(axis=(1, 2))
        steps = steps.copy()
        steps[rows[found], user[found]] = targets[rows, user, move][found]
