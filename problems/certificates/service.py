"""The cheapest service of every request when bandwidth and steps have prices: what certificates are made of.

Every figure is a lower bound, exact but for rounding where the iterations for the best share have converged, and
valid where they have not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from problems import physics
from problems.instance import Instance

SHARE_TURNS = 20
KINK_TURNS = 12


@dataclass(frozen=True, eq=False)
class Requests:
    """The active requests of a trace, one after the other; (R,) arrays."""

    frame: np.ndarray
    slot: np.ndarray
    model: np.ndarray
    gain: np.ndarray
    input_mb: np.ndarray
    output_mb: np.ndarray

    @classmethod
    def of(cls, instance: Instance) -> Requests:
        """Frame after frame, slot after slot."""
        trace, active = instance.trace, instance.active
        frame, slot, _ = np.nonzero(active)
        return cls(
            frame, slot, trace.request[active], trace.gain[active], trace.input_mb[active], trace.output_mb[active]
        )


@dataclass(frozen=True, eq=False)
class Service:
    """The cheapest service of each request at the prices, by the cloud and if its model is held; (R,) arrays."""

    cloud_cost: np.ndarray
    cloud_band: np.ndarray
    edge_cost: np.ndarray
    edge_band: np.ndarray
    edge_steps: np.ndarray


def best_service(instance: Instance, requests: Requests, steps_price: np.ndarray, band_price: np.ndarray) -> Service:
    """Minimise each request's cost, with steps and bandwidth paid for at the prices (R,), that of the band > 0."""
    system, catalogue, model = instance.system, instance.catalogue, requests.model
    air = _Air(instance, requests, band_price)
    cloud_s = physics.cloud_time_s(requests.input_mb, requests.output_mb, catalogue.cloud_s[model], system)
    plain = system.model_copy(update={"deadline_s": None})
    cloud_cost, cloud_band = air.cost(cloud_s[:, None])
    cloud_cost = cloud_cost[:, 0] + physics.request_cost(cloud_s, catalogue.tv_best[model], plain)
    steps = _useful_steps(instance)[model]
    edge_s = physics.edge_time_s(steps, catalogue.step_s[model, None], catalogue.setup_s[model, None])
    tv = physics.quality_tv(
        steps,
        catalogue.steps_low[model, None],
        catalogue.steps_high[model, None],
        catalogue.tv_worst[model, None],
        catalogue.tv_best[model, None],
    )
    cost, band = air.cost(edge_s)
    cost = cost + physics.request_cost(edge_s, tv, plain) + steps_price[:, None] * steps
    rows, best = np.arange(len(model)), cost.argmin(axis=1)
    edge_cost, edge_band, edge_steps = cost[rows, best], band[rows, best], steps[rows, best].astype(float)
    if not system.forced_edge:
        sent = cloud_cost < edge_cost
        edge_cost, edge_band = np.where(sent, cloud_cost, edge_cost), np.where(sent, cloud_band[:, 0], edge_band)
        edge_steps = np.where(sent, 0.0, edge_steps)
    return Service(cloud_cost, cloud_band[:, 0], edge_cost, edge_band, edge_steps)


def _useful_steps(instance: Instance) -> np.ndarray:
    """(M, O) int: the step counts that can be optimal: 1, and from the first above A1 to the first not below A2.

    None is above the budget of a slot, which nobody can exceed alone.
    """
    catalogue = instance.catalogue
    first = np.maximum(np.floor(catalogue.steps_low).astype(int) + 1, 2)
    last = np.maximum(np.ceil(catalogue.steps_high).astype(int), 1)
    ramp = first[:, None] + np.arange(max(int((last - first).max()) + 1, 0))
    steps = np.concatenate([np.ones((len(first), 1), dtype=int), np.minimum(ramp, last[:, None])], axis=1)
    return np.minimum(steps, max(instance.system.step_budget, 1))


class _Air:
    """What air time costs each request at a price of bandwidth nu, lateness included."""

    def __init__(self, instance: Instance, requests: Requests, band_price: np.ndarray) -> None:
        self._system = instance.system
        self._arrays = (requests.gain, requests.input_mb, requests.output_mb)
        self._price = band_price
        self._priced = instance.system.couples_budgets
        self._never = self._share(instance.system.latency_weight)
        self._always = (
            self._share(instance.system.latency_weight + instance.system.late_penalty) if self._priced else None
        )

    def cost(self, waiting_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A lower bound (R, O) on min over b of alpha air + kappa max(0, air + waiting - tau) + nu b, and that b.

        ``waiting_s`` (R, O) seconds are spent off the air. The lateness is at least theta times (air + waiting -
        tau) for every theta in [0, 1], so that a weight w = alpha + theta kappa of air time gives a bound,
        and the right weight gives the minimum.
        """
        alpha = self._system.latency_weight
        if not self._priced or self._always is None:
            bound = self._weighted(self._never, np.full_like(self._never, alpha))
            shape = waiting_s.shape
            return np.broadcast_to(bound[:, None], shape), np.broadcast_to(self._never[:, None], shape)
        assert self._system.deadline_s is not None
        room = self._system.deadline_s - waiting_s
        share = np.clip(self._just_in_time(room), self._never[:, None], self._always[:, None])
        slope = self._of(physics.air_slope_s, share)
        most = alpha + self._system.late_penalty
        weight = np.clip(self._price[:, None] * share**2 / slope, alpha, most)
        return self._weighted(share, weight) - (weight - alpha) * room, share

    def _weighted(self, share: np.ndarray, weight: np.ndarray) -> np.ndarray:
        """A lower bound on min over b of weight air(b) + nu b, good where ``share`` is near the minimiser.

        ``share`` itself minimises w air + nu b for w = nu share^2 / slope exactly, and that minimum times
        min(1, weight / w) is a bound, since air time and nu are not negative.
        """
        price = self._price if share.ndim == 1 else self._price[:, None]
        own = price * share**2 / np.maximum(self._of(physics.air_slope_s, share), 1e-300)
        least = own * self._of(physics.air_time_s, share) + price * share
        return np.minimum(1.0, np.divide(weight, own, out=np.ones_like(own), where=own > 0)) * least

    def _share(self, weight: float) -> np.ndarray:
        """(R,) the share with weight slope / b^2 = nu, by iterating on b; the slope hardly depends on b."""
        share = np.ones_like(self._price)
        if weight == 0:
            return share * 1e-12
        for _ in range(SHARE_TURNS):
            share = np.sqrt(weight * self._of(physics.air_slope_s, share) / self._price)
            share = np.clip(share, 1e-12, 1e12)
        return share

    def _just_in_time(self, room: np.ndarray) -> np.ndarray:
        """(R, O) about the share whose air time is ``room``; large where no share is enough."""
        log_share = np.zeros_like(room)
        with np.errstate(invalid="ignore", divide="ignore"):
            target = np.log(np.maximum(room, 1e-300))
            for _ in range(KINK_TURNS):
                share = np.exp(log_share)
                air = self._of(physics.air_time_s, share)
                slope = self._of(physics.air_slope_s, share)
                move = (np.log(air) - target) * air * share / slope
                log_share = np.clip(np.nan_to_num(log_share + move), -25.0, 25.0)
        return np.exp(log_share)

    def _of(self, function: Any, share: np.ndarray) -> np.ndarray:
        arrays = self._arrays if share.ndim == 1 else tuple(array[:, None] for array in self._arrays)
        value: np.ndarray = function(share, *arrays, self._system)
        return value
