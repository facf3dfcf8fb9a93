"""One slot with continuous steps: an objective with its gradient, limits and starts, as local solvers take them."""

from __future__ import annotations

from typing import Any

import numpy as np

from problems.episode import Slots
from solvers.slot.relaxation import ScaledSlots
from solvers.slot.step_options import step_range

LEAST_X = 1e-3
"""Of the guessed share; shares stay above it, so that air times stay finite."""


def relaxations(slots: Slots) -> list[SlotRelaxation]:
    """The relaxation of every slot."""
    knots = _knots(slots)
    scaled = ScaledSlots.of(slots, knots)
    return [SlotRelaxation(scaled, row, knots[row], slots.system.step_budget) for row in range(len(slots))]


def _knots(slots: Slots) -> np.ndarray:
    """(B, N, 5), increasing: where the curves of time and quality bend, from the fewest steps to the most useful."""
    fewest, most = step_range(slots)
    catalogue, request = slots.catalogue, slots.request
    bends = [fewest, np.ones(request.shape), catalogue.steps_low[request], catalogue.steps_high[request], most]
    bends[2:4] = (np.maximum(bend, 1.0) for bend in bends[2:4])
    return np.clip(np.stack(bends, axis=-1), fewest[..., None], most[..., None])


class SlotRelaxation:
    """A slot's cost as a function of z = (x of the loaded users, steps / budget of the users who can vary them).

    Between 0 steps (the cloud) and 1 the cost goes along a straight line; from 1 on it is the true
    one, quality plateaus included. Continuous, with kinks; scaled as in :class:`ScaledSlots`.
    """

    def __init__(self, scaled: ScaledSlots, row: int, knots: np.ndarray, budget: int) -> None:
        self._loaded = np.flatnonzero(scaled.loaded[row])
        self._edge = np.flatnonzero(knots[:, -1] > knots[:, 0])
        self._share, self._up, self._snr, self._down = (
            array[row][self._loaded] for array in (scaled.share, scaled.up, scaled.snr, scaled.down)
        )
        self._knots, self._unit = knots, max(budget, 1)
        self._free = budget - knots[:, 0].sum() + knots[self._edge, 0].sum()
        self._cost, self._seconds = scaled.cost[row], scaled.seconds[row]
        width = np.diff(knots, axis=-1)
        self._cost_slope, self._seconds_slope = (
            np.divide(np.diff(values, axis=-1), width, out=np.zeros_like(width), where=width > 0)
            for values in (self._cost, self._seconds)
        )
        self._slack = scaled.slack[row]
        self._air_weight, self._late_weight = scaled.air_weight[row], scaled.late_weight[row]

    @property
    def size(self) -> int:
        """Length of z."""
        return len(self._loaded) + len(self._edge)

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """Limits of every entry of z."""
        whole = [(LEAST_X, max(1.0 / share, 1.0)) for share in self._share]
        return whole + [(low / self._unit, high / self._unit) for low, high in self._knots[self._edge][:, [0, -1]]]

    @property
    def constraints(self) -> list[dict[str, Any]]:
        """The two budgets in SciPy's form: linear functions that must not be negative."""
        band = np.concatenate([-self._share, np.zeros(len(self._edge))])
        steps = np.concatenate([np.zeros(len(self._loaded)), -np.ones(len(self._edge))])
        pairs = ((band, 1.0), (steps, self._free / self._unit))
        return [{"type": "ineq", "fun": _line(row, top), "jac": _constant(row)} for row, top in pairs if row.any()]

    def value_and_gradient(self, z: np.ndarray) -> tuple[float, np.ndarray]:
        """The scaled cost and its derivative; at a kink the derivative to the right."""
        x, steps = z[: len(self._loaded)], self._all_steps(z)
        log = np.log1p(self._snr / x)
        air = np.zeros(len(steps))
        air[self._loaded] = self._up / (x * log) + self._down / x
        falls = -(self._up * (log - self._snr / (x + self._snr)) / log**2 + self._down) / x**2

        piece = (steps[:, None] >= self._knots[:, 1:-1]).sum(axis=1)
        users = np.arange(len(steps))
        beyond = steps - self._knots[users, piece]
        cost = self._cost[users, piece] + self._cost_slope[users, piece] * beyond
        seconds = self._seconds[users, piece] + self._seconds_slope[users, piece] * beyond
        lateness = air + seconds - self._slack
        late = self._late_weight * (lateness > 0)

        value = float(self._air_weight * air.sum() + cost.sum() + (late * lateness).sum())
        by_steps = self._cost_slope[users, piece] + late * self._seconds_slope[users, piece]
        by_x = (self._air_weight + late[self._loaded]) * falls
        return value, np.concatenate([by_x, self._unit * by_steps[self._edge]])

    def point(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shares of the band (N,) and continuous steps (N,)."""
        shares = np.zeros(len(self._knots))
        shares[self._loaded] = self._share * z[: len(self._loaded)]
        return shares, self._all_steps(z)

    def equal_start(self) -> np.ndarray:
        """Equal shares of the band and of the steps."""
        x = 1.0 / (self._share * max(len(self._loaded), 1))
        return self._start(x, np.full(len(self._edge), self._free / max(len(self._edge), 1)))

    def greedy_start(self) -> np.ndarray:
        """The guessed shares; steps to whoever saves most a step, as many as it wants, until none are left."""
        knots, cost = self._knots[self._edge], self._cost[self._edge]
        best = cost.argmin(axis=1)
        users = np.arange(len(best))
        wanted = knots[users, best] - knots[:, 0]
        saving = (cost[:, 0] - cost[users, best]) / np.maximum(wanted, 1)
        order = np.argsort(-saving, kind="stable")
        before = np.concatenate([[0.0], np.cumsum(wanted[order])])[:-1]
        extra = np.zeros(len(best))
        extra[order] = np.clip(self._free - knots[:, 0].sum() - before, 0.0, wanted[order])
        return self._start(np.ones(len(self._loaded)), knots[:, 0] + extra)

    def _start(self, x: np.ndarray, steps: np.ndarray) -> np.ndarray:
        low, high = np.array(self.bounds).reshape(-1, 2).T
        return np.clip(np.concatenate([x, steps / self._unit]), low, high)

    def _all_steps(self, z: np.ndarray) -> np.ndarray:
        steps = self._knots[:, 0].copy()
        steps[self._edge] = z[len(self._loaded) :] * self._unit
        return steps


def _line(row: np.ndarray, top: float) -> Any:
    return lambda z: top + row @ z


def _constant(row: np.ndarray) -> Any:
    return lambda z: row
