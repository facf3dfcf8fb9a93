"""What any cache costs on sampled frames of one popularity state, exactly and by a bound for all caches at once."""

from __future__ import annotations

import numpy as np

from problems import physics
from problems.episode import slots_of
from problems.scenario import Scenario
from solvers.frame.sampled_frames import sampled_frames
from solvers.slot.bandwidth import optimal_bandwidth
from solvers.slot.costs import air_time, service_costs
from solvers.slot.coupled import coupled_allocation
from solvers.slot.step_options import deadline_steps, envelope_steps
from solvers.slot.steps import StepCosts, steps_under

COUPLED_GAP = 1e-3
"""Relative: slots whose budgets a deadline couples are solved to this; the sample is far less certain."""
COUPLED_NODES = 50
PRICE_HALVINGS = 30


class StateSample:
    """Frames that a state may bring, all equally likely; costs are means over them.

    What a cache costs is remembered.
    """

    def __init__(self, scenario: Scenario, state: int, samples: int, seed: int) -> None:
        instance = sampled_frames(scenario, np.full(samples, state), "state-sample", seed, state)
        self._samples = samples
        self._slots = slots_of(instance, np.ones((samples, len(instance.models)), dtype=bool))
        self._price_service()
        self._cost: dict[bytes, float] = {}

    def _price_service(self) -> None:
        """What the exact costs and their bounds are made of, whatever is cached."""
        slots, system = self._slots, self._slots.system
        bandwidth, self._least_air_cost = optimal_bandwidth(slots)
        self._air_cost = system.latency_weight * air_time(slots, bandwidth).sum(axis=1)
        self._step_costs = StepCosts.of(slots)
        in_whole_band = air_time(slots, np.ones(slots.request.shape))
        corners = np.concatenate([envelope_steps(slots), deadline_steps(slots, in_whole_band)], axis=-1)
        cloud = np.zeros((*slots.request.shape, 1), dtype=np.int64)
        self._corners = np.sort(corners, axis=-1)
        seconds, costs = service_costs(slots, np.concatenate([cloud, self._corners], axis=-1))
        costs += system.late_penalty * physics.lateness_s(in_whole_band[..., None] + seconds, system)
        self._cloud_cost, self._corner_costs = costs[..., 0], costs[..., 1:]

    def cost(self, cache: np.ndarray) -> float:
        """Summed request cost of a frame under a cache (M,), with the best allocation; loading aside."""
        key = cache.tobytes()
        if key not in self._cost:
            self._cost[key] = float(self._slot_costs(cache).sum() / self._samples)
        return self._cost[key]

    def _slot_costs(self, cache: np.ndarray) -> np.ndarray:
        slots, system = self._slots, self._slots.system
        cached = cache[slots.request] & slots.active
        rows = np.arange(len(slots))
        if system.couples_budgets:
            return coupled_allocation(slots, rows, cached, COUPLED_GAP, COUPLED_NODES)[2]
        return steps_under(slots, self._step_costs, rows, cached)[1] + self._air_cost

    def relaxed(self, cache: np.ndarray) -> tuple[float, np.ndarray]:
        """A lower bound on the cost of every cache: ``constant - cache @ saving`` with ``saving`` (M,).

        Lagrangian: steps have a price in each slot and no budget, and whoever is late has the whole band. The
        prices are those at which the budget is just kept under ``cache``, so the bound is closest
        for caches much like it.
        """
        price = self._prices(cache)
        slots, models = self._slots, len(self._slots.catalogue)
        edge_cost = (self._corner_costs + price[:, None, None] * self._corners).min(axis=-1)
        weight = np.where(slots.active, self._cloud_cost - edge_cost, 0.0) / self._samples
        saving = np.bincount(np.maximum(slots.request, 0).ravel(), weights=weight.ravel(), minlength=models)
        fixed = self._cloud_cost.sum() + self._least_air_cost.sum() - slots.system.step_budget * price.sum()
        return float(fixed / self._samples), saving

    def _prices(self, cache: np.ndarray) -> np.ndarray:
        """(B,) the least price of a step at which a slot asks for no more than its budget, by bisection."""
        budget = self._slots.system.step_budget
        cached = cache[self._slots.request] & self._slots.active
        low = np.zeros(len(cached))
        high = 1.0 + np.ptp(self._corner_costs, axis=-1).max(axis=1)  # no step saves so much
        free = self._asked(cached, low) <= budget
        for _ in range(PRICE_HALVINGS):
            middle = (low + high) / 2
            kept = self._asked(cached, middle) <= budget
            low, high = np.where(kept, low, middle), np.where(kept, middle, high)
        return np.where(free, 0.0, high)

    def _asked(self, cached: np.ndarray, price: np.ndarray) -> np.ndarray:
        """(B,) the steps that each slot's users ask for at a price (B,)."""
        best = (self._corner_costs + price[:, None, None] * self._corners).argmin(axis=-1)
        steps = np.take_along_axis(self._corners, best[..., None], axis=-1)[..., 0]
        return np.where(cached, steps, 0).sum(axis=1)
