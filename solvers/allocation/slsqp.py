"""Allocation by a local solver: SciPy's SLSQP with analytic gradients, rounding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from problems.episode import Slots
from solvers.base import AllocationStrategy
from solvers.slot.costs import slot_costs
from solvers.slot.nonconvex_relaxation import SlotRelaxation, relaxations
from solvers.slot.relaxation import to_bandwidth
from solvers.slot.rounding import round_steps


@dataclass(frozen=True)
class SlsqpAllocation(AllocationStrategy):
    """A local optimum of every slot with continuous steps, rounded to whole ones; the better of two starts.

    The relaxation keeps the true quality curve, so it is not convex and SLSQP (Kraft, A Software
    Package for Sequential Quadratic Programming, 1988) finds a local optimum at the best; the starts are the
    equal split and a greedy one. The answer is always feasible, also where SLSQP gives up: then its
    last point is rounded. Its work grows with the cube of the users: about a second a slot at 200.
    """

    max_iterations: int = 100
    """Of SLSQP, from each start."""
    tolerance: float = 1e-9
    """Of SLSQP: on the objective, scaled to about one a user."""

    def __post_init__(self) -> None:
        if self.max_iterations < 1:
            raise ValueError(f"max_iterations: {self.max_iterations}; must be >= 1")
        if not 0 < self.tolerance < 1:
            raise ValueError(f"tolerance: {self.tolerance}; must be in (0, 1)")

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N)."""
        relaxed = relaxations(slots)
        first = self._from(SlotRelaxation.equal_start, slots, relaxed)
        second = self._from(SlotRelaxation.greedy_start, slots, relaxed)
        better = (slot_costs(slots, *second) < slot_costs(slots, *first))[:, None]
        return np.where(better, second[0], first[0]), np.where(better, second[1], first[1])

    def _from(
        self, start: Callable[[SlotRelaxation], np.ndarray], slots: Slots, relaxed: list[SlotRelaxation]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and rounded steps (B, N) of the local optima found from ``start``."""
        points = [slot.point(self._descend(slot, start(slot))) for slot in relaxed]
        shares, steps = (np.array([point[i] for point in points]).reshape(slots.request.shape) for i in (0, 1))
        bandwidth = to_bandwidth(slots, shares)
        return bandwidth, round_steps(slots, bandwidth, steps)

    def _descend(self, slot: SlotRelaxation, start: np.ndarray) -> np.ndarray:
        if slot.size == 0:
            return start
        answer = minimize(
            slot.value_and_gradient,
            start,
            jac=True,
            method="SLSQP",
            bounds=slot.bounds,
            constraints=slot.constraints,
            options={"maxiter": self.max_iterations, "ftol": self.tolerance},
        )
        return np.asarray(answer.x) if np.isfinite(answer.x).all() else start
