"""What any cache costs in one frame, for catalogues of any size."""

from __future__ import annotations

import numpy as np

from problems.episode import slots_of
from problems.instance import Instance
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.costs import air_time
from solvers.slot.coupled import coupled_allocation
from solvers.slot.steps import StepCosts, steps_under

COUPLED_GAP = 1e-6
"""Relative: slots whose budgets a deadline couples are solved to this, or for so many nodes."""
COUPLED_NODES = 200


class CacheCosts:
    """Summed request costs of a frame under caches, with the best allocation; loading aside.

    Bandwidth, which no cache changes unless a deadline couples it, is solved once; what a cache costs is
    remembered, by the requested models that it holds.
    """

    def __init__(self, instance: Instance, frame: int) -> None:
        nothing = np.zeros((instance.frames, len(instance.models)), dtype=bool)
        self._slots = slots_of(instance, nothing, slice(frame * instance.slots, (frame + 1) * instance.slots))
        slots, system = self._slots, instance.system
        self._asked = np.zeros(len(instance.models), dtype=bool)
        self._asked[slots.request[slots.active]] = True
        self._step_costs = StepCosts.of(slots)
        bandwidth, _ = optimal_bandwidth(slots)
        self._air_cost = system.latency_weight * float(air_time(slots, bandwidth).sum())
        self._known: dict[bytes, float] = {}

    def knows(self, cache: np.ndarray) -> bool:
        """Whether what the cache (M,) costs has been computed."""
        return (cache & self._asked).tobytes() in self._known

    def of(self, caches: np.ndarray) -> np.ndarray:
        """(P,) what the caches (P, M) cost."""
        keys = [key.tobytes() for key in caches & self._asked]
        new = list({key: place for place, key in enumerate(keys) if key not in self._known}.values())
        if new:
            costs = self._computed(caches[new]).tolist()
            self._known.update(zip([keys[place] for place in new], costs, strict=True))
        return np.array([self._known[key] for key in keys])

    def _computed(self, caches: np.ndarray) -> np.ndarray:
        slots, system = self._slots, self._slots.system
        rows = np.tile(np.arange(len(slots)), len(caches))
        cached = (caches[:, slots.request] & slots.active).reshape(-1, slots.request.shape[1])
        if system.couples_budgets:
            cost = coupled_allocation(slots, rows, cached, COUPLED_GAP, COUPLED_NODES)[2]
            return cost.reshape(len(caches), -1).sum(axis=1)
        cost = steps_under(slots, self._step_costs, rows, cached)[1]
        return cost.reshape(len(caches), -1).sum(axis=1) + self._air_cost
