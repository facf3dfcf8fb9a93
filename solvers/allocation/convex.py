"""Allocation by convex programming: CVXPY with parameters, Clarabel, rounding."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from problems.episode import Slots
from solvers.base import AllocationStrategy
from solvers.slot.convex_programme import OPTIONS, programme_for
from solvers.slot.costs import slot_costs
from solvers.slot.relaxation import ScaledSlots, equal_answer, to_bandwidth
from solvers.slot.rounding import round_steps
from solvers.slot.step_options import envelope_steps

RELAX = 100.0
"""A slot that fails is tried once more with the tolerance times this."""


@dataclass(frozen=True)
class ConvexAllocation(AllocationStrategy):
    """The convex relaxation of every slot by Clarabel, rounded to whole steps.

    Each user mixes a few numbers of steps, which gives the lower convex envelope of its cost; lateness
    is that of its mean latency; both budgets are in the one programme. Where lateness has a price,
    the programme is solved once more for the bandwidth alone, under the rounded steps. The answer is
    always feasible. Without such a deadline the bandwidth is optimal to the solver's accuracy and
    the steps carry the loss of the rounding. A slot that Clarabel does not solve to optimality, not
    even at a hundred times the tolerance, gets the equal split, with a RuntimeWarning.
    """

    tolerance: float = 1e-7
    """Of Clarabel: feasibility and gap, on data scaled to about one. Below 1e-8 it fails now and then."""

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < 1:
            raise ValueError(f"tolerance: {self.tolerance}; must be in (0, 1)")

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N)."""
        shares, fractional, solved = self._solve(slots, envelope_steps(slots))
        bandwidth = to_bandwidth(slots, shares)
        steps = round_steps(slots, bandwidth, fractional)
        if slots.system.couples_budgets:
            bandwidth, steps = self._again(slots, bandwidth, steps)
        if not solved.all():
            text = f"Clarabel failed on {(~solved).sum()} of {len(slots)} slots, which get the equal split"
            warnings.warn(text, RuntimeWarning, stacklevel=2)
            equal = equal_answer(slots)
            bandwidth = np.where(solved[:, None], bandwidth, equal[0])
            steps = np.where(solved[:, None], steps, equal[1])
        return bandwidth, steps

    def _again(self, slots: Slots, bandwidth: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The bandwidth for the rounded steps and the steps for that bandwidth, where they are cheaper."""
        shares, _, solved = self._solve(slots, np.repeat(steps[..., None], OPTIONS, axis=-1))
        next_bandwidth = to_bandwidth(slots, shares)
        next_steps = round_steps(slots, next_bandwidth, steps)
        cheaper = slot_costs(slots, next_bandwidth, next_steps) < slot_costs(slots, bandwidth, steps)
        better = (solved & cheaper)[:, None]
        return np.where(better, next_bandwidth, bandwidth), np.where(better, next_steps, steps)

    def _solve(self, slots: Slots, options: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Shares (B, N), expected steps (B, N) and whether solved (B,), with ``options`` (B, N, OPTIONS) to mix."""
        values = parameters(slots, options)
        programme = programme_for(slots.request.shape[1], slots.system.couples_budgets)
        shares, steps = np.ones(slots.request.shape), np.zeros(slots.request.shape)
        solved = np.ones(len(slots), dtype=bool)
        for row in np.flatnonzero(slots.active.any(axis=1)):
            slot = {name: value[row] for name, value in values.items()}
            answer = programme.solve(slot, self.tolerance) or programme.solve(slot, RELAX * self.tolerance)
            if answer is None:
                solved[row] = False
            else:
                x, mix = answer
                shares[row] = x * values["share"][row]
                steps[row] = (options[row] * mix).sum(axis=1)
        return shares, steps, solved


def parameters(slots: Slots, options: np.ndarray) -> dict[str, np.ndarray]:
    """The parameters of the slots' programmes by name, a row a slot, all about one.

    Steps are counted from each user's fewest and in units of what is left of the budget.
    """
    scaled = ScaledSlots.of(slots, options)
    extra = options - options.min(axis=-1, keepdims=True)
    room = np.maximum(slots.system.step_budget - options.min(axis=-1).sum(axis=1), 1)
    large = np.maximum(scaled.snr, 1.0)
    values = {
        "share": scaled.share,
        "pull": np.where(scaled.loaded, 0.0, 1.0),
        "up": scaled.up,
        "snr": scaled.snr / large,
        "shrink": 1.0 / large,
        "log_scale": np.log(large),
        "down": scaled.down,
        "air_weight": scaled.air_weight,
        "steps": extra / room[:, None, None],
        "cost": scaled.cost,
    }
    if slots.system.couples_budgets:
        values |= {"seconds": scaled.seconds, "slack": scaled.slack, "late_weight": scaled.late_weight}
    return values
