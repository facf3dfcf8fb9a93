"""What steps cost each request, cut into the cloud, the first step, the start of the ramp and its two segments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from problems.episode import Slots
from solvers.slot.costs import service_costs


@dataclass(frozen=True, eq=False)
class StepCurves:
    """(R,) arrays for the active requests, row by row. Each cost is what a part adds to those before it.

    Costs are without air time and lateness; seconds are those besides air time.
    """

    first: np.ndarray
    """The fewest steps on the ramp, above A1 and at least 2."""
    length: np.ndarray
    """Steps from there to floor(A2)."""
    last: np.ndarray
    """ceil(A2), at least 1: more do not help."""
    has_ramp: np.ndarray
    """1.0 where there is a ramp beyond the first step, else 0.0."""
    has_top: np.ndarray
    """1.0 where one more step leads from floor(A2) to ceil(A2), else 0.0."""
    cloud_cost: np.ndarray
    edge_cost: np.ndarray
    """Of the first step at the edge, above the cloud's."""
    ramp_cost: np.ndarray
    """Of ``first`` steps, above that."""
    more_cost: np.ndarray
    """Of each further step up to floor(A2)."""
    top_cost: np.ndarray
    """Of the last step, to ceil(A2)."""
    cloud_s: np.ndarray
    edge_s: np.ndarray
    ramp_s: np.ndarray
    more_s: np.ndarray
    top_s: np.ndarray

    @classmethod
    def of(cls, slots: Slots) -> StepCurves:
        """From the catalogue."""
        catalogue, request = slots.catalogue, slots.request
        first = np.maximum(np.floor(catalogue.steps_low[request]).astype(np.int64) + 1, 2)
        last = np.maximum(np.ceil(catalogue.steps_high[request]).astype(np.int64), 1)
        has_ramp = last >= first
        middle = np.clip(np.floor(catalogue.steps_high[request]).astype(np.int64), first, np.maximum(last, first))
        corners = (np.zeros_like(first), np.ones_like(first), first, middle, np.maximum(last, middle))
        seconds, cost = service_costs(slots, np.stack(corners, axis=-1))
        length = np.where(has_ramp, middle - first, 0)
        active = slots.active

        def parts(values: np.ndarray) -> tuple[np.ndarray, ...]:
            rise = np.diff(values, axis=-1)[active]
            more = rise[:, 2] / np.maximum(length[active], 1)
            return values[..., 0][active], rise[:, 0], rise[:, 1], more, rise[:, 3]

        counts = (first, length, last, has_ramp, has_ramp & (last > middle))
        return cls(*(count[active].astype(float) for count in counts), *parts(cost), *parts(seconds))

    def least_lateness(
        self, air_s: np.ndarray, deadline_s: float
    ) -> Iterator[tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]]:
        """Two linear lower bounds on lateness when air takes at least ``air_s`` (R,) seconds.

        Each is a base (R,) and slopes (R,) of the edge, ramp, more and top columns. One takes the ramp at
        its start, the other at its end by the slope of seconds; both are exact at the cloud and at one step.
        """

        def hinge(seconds: np.ndarray) -> np.ndarray:
            return np.maximum(0.0, air_s + seconds - deadline_s)

        one = self.cloud_s + self.edge_s
        start = one + self.ramp_s
        end = start + self.more_s * self.length + self.top_s
        base, flat = hinge(self.cloud_s), np.zeros_like(one)
        yield base, (hinge(one) - base, hinge(start) - hinge(one), flat, flat)
        late = hinge(end) - (end - start)
        yield base, (hinge(one) - base, late - hinge(one), self.more_s, self.top_s)
