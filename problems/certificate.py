"""Certificates: prices from which anyone can recompute a lower bound on J, without a solver.

For any prices of steps lambda >= 0 and of bandwidth nu > 0 in every slot, and of loading 0 <= mu <= sigma c in
every frame, the users separate, and what is left of a frame is one knapsack over models, bounded by its
linear relaxation (Geoffrion, Lagrangean relaxation for integer programming, 1974; Dantzig,
Discrete-variable extremum problems, 1957). Good prices give a good bound; bad ones a weak bound, never a
false one: every step below holds for inexact numbers too, up to rounding.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from problems import files, physics
from problems.errors import InputError, shorten
from problems.instance import Instance
from problems.packing import CAPACITY_TOLERANCE

FORMAT = "t2bench-certificate"
SHARE_TURNS = 20
KINK_TURNS = 12
LEAST_PRICE = 1e-12
ROUNDING = 1e-12
"""Relative: covers the floating-point errors in adding up a bound."""


@dataclass(frozen=True, eq=False)
class Prices:
    """What a certificate consists of."""

    steps: np.ndarray
    """(T, K) lambda: cost a step."""
    bandwidth: np.ndarray
    """(T, K) nu: cost of the whole band."""
    loading: np.ndarray
    """(T, M) mu: the part of the loading price that is charged for holding a model not held before."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The relaxed programme at some prices: its value and its answer, which need not be feasible."""

    bound: float
    """A lower bound on J."""
    cache: np.ndarray
    """(T, M) in [0, 1]; at most one fraction a frame."""
    steps_used: np.ndarray
    """(T, K)."""
    band_used: np.ndarray
    """(T, K)."""


def certified_bound(instance: Instance, prices: Prices) -> float:
    """The lower bound on J that the prices prove. Raises InputError for prices out of range."""
    check_prices(instance, prices)
    return relaxed(instance, prices).bound


def check_prices(instance: Instance, prices: Prices) -> None:
    """Raise InputError unless the prices have the instance's shape and range."""
    frames, slots, models = instance.frames, instance.slots, len(instance.models)
    load_cost = instance.system.load_cost_per_gb * instance.catalogue.size_gb
    rules: tuple[tuple[str, tuple[int, ...], np.ndarray | float, str], ...] = (
        ("steps", (frames, slots), np.inf, ">= 0"),
        ("bandwidth", (frames, slots), np.inf, ">= 0"),
        ("loading", (frames, models), load_cost * (1 + ROUNDING), "in 0..load_cost_per_gb size_gb"),
    )
    for name, shape, most, allowed in rules:
        value = files.number_array(getattr(prices, name), f"prices.{name}", shape)
        wrong = (value < 0) | (value > most)
        if wrong.any():
            worst = value[tuple(np.argwhere(wrong)[0])]
            raise InputError(f"prices.{name}{files.first_index(wrong)}: {worst:g}; must be {allowed}")


def relaxed(instance: Instance, prices: Prices) -> Relaxed:
    """Solve the relaxed programme at the prices."""
    requests = _Requests.of(instance)
    best = _best_service(instance, requests, prices)
    frames = _priced(instance, requests, best, prices)
    value, cache = _knapsacks(frames.worth, instance)
    total = float(frames.base.sum()) - float(value.sum())
    size = float(np.abs(best.cloud_cost).sum() + np.abs(value).sum()) + _budget_cost(instance, prices).sum()
    held = cache[requests.frame, requests.model]
    used = np.zeros((2, *prices.steps.shape))
    np.add.at(used[0], (requests.frame, requests.slot), held * best.edge_steps)
    np.add.at(used[1], (requests.frame, requests.slot), held * best.edge_band + (1 - held) * best.cloud_band)
    return Relaxed((total - ROUNDING * size) / max(instance.active_requests, 1), cache, used[0], used[1])


@dataclass(frozen=True, eq=False)
class PricedFrames:
    """What the prices say of each frame: under cache rho it costs at least ``base - worth @ rho``.

    Costs are sums over requests, not J; the charge mu for loading is inside.
    """

    base: np.ndarray
    """(T,): the cost without any model."""
    worth: np.ndarray
    """(T, M): what holding each model saves at most, less ``charge``; may be negative."""
    charge: np.ndarray
    """(T, M): mu of the frame less mu of the next."""


def priced_frames(instance: Instance, prices: Prices) -> PricedFrames:
    """The frames at the prices."""
    requests = _Requests.of(instance)
    return _priced(instance, requests, _best_service(instance, requests, prices), prices)


def _priced(instance: Instance, requests: _Requests, best: _Service, prices: Prices) -> PricedFrames:
    base = -_budget_cost(instance, prices)
    np.add.at(base, requests.frame, best.cloud_cost)
    saving = np.zeros((instance.frames, len(instance.models)))
    np.add.at(saving, (requests.frame, requests.model), best.cloud_cost - best.edge_cost)
    later = np.concatenate([prices.loading[1:], np.zeros((1, len(instance.models)))])
    charge = prices.loading - later
    return PricedFrames(base, saving - charge, charge)


def _budget_cost(instance: Instance, prices: Prices) -> np.ndarray:
    """(T,) what the whole budgets of each frame are worth at the prices."""
    band: np.ndarray = np.maximum(prices.bandwidth, LEAST_PRICE)
    total: np.ndarray = (prices.steps * instance.system.step_budget + band).sum(axis=1)
    return total


@dataclass(frozen=True, eq=False)
class _Requests:
    """The active requests of a trace, one after the other; (R,) arrays."""

    frame: np.ndarray
    slot: np.ndarray
    model: np.ndarray
    gain: np.ndarray
    input_mb: np.ndarray
    output_mb: np.ndarray

    @classmethod
    def of(cls, instance: Instance) -> _Requests:
        trace, active = instance.trace, instance.active
        frame, slot, _ = np.nonzero(active)
        return cls(
            frame, slot, trace.request[active], trace.gain[active], trace.input_mb[active], trace.output_mb[active]
        )


@dataclass(frozen=True, eq=False)
class _Service:
    """The cheapest service of each request at the prices, by the cloud and if its model is held; (R,) arrays."""

    cloud_cost: np.ndarray
    cloud_band: np.ndarray
    edge_cost: np.ndarray
    edge_band: np.ndarray
    edge_steps: np.ndarray


def _best_service(instance: Instance, requests: _Requests, prices: Prices) -> _Service:
    """Minimise each request's cost, with bandwidth and steps paid for."""
    steps_price = prices.steps[requests.frame, requests.slot]
    band_price = np.maximum(prices.bandwidth, LEAST_PRICE)[requests.frame, requests.slot]
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
    return _Service(cloud_cost, cloud_band[:, 0], edge_cost, edge_band, edge_steps)


def _useful_steps(instance: Instance) -> np.ndarray:
    """(M, O) int: the step counts that can be optimal: 1, and from the first above A1 to the first not below A2."""
    catalogue = instance.catalogue
    first = np.maximum(np.floor(catalogue.steps_low).astype(int) + 1, 2)
    last = np.maximum(np.ceil(catalogue.steps_high).astype(int), 1)
    ramp = first[:, None] + np.arange(max(int((last - first).max()) + 1, 0))
    return np.concatenate([np.ones((len(first), 1), dtype=int), np.minimum(ramp, last[:, None])], axis=1)


class _Air:
    """What air time costs each request at a price of bandwidth nu, lateness included."""

    def __init__(self, instance: Instance, requests: _Requests, band_price: np.ndarray) -> None:
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


def _knapsacks(worth: np.ndarray, instance: Instance) -> tuple[np.ndarray, np.ndarray]:
    """For each frame the most worth (T, M) that a cache can hold, models divisible, and that cache (T, M)."""
    size = instance.catalogue.size_gb
    room = instance.system.cache_gb * (1 + CAPACITY_TOLERANCE)
    worth = np.where((worth > 0) & (size <= room), worth, 0.0)
    order = np.argsort(-worth / size, axis=1, kind="stable")
    sizes = np.where(np.take_along_axis(worth, order, axis=1) > 0, size[order], 0.0)
    before = np.cumsum(sizes, axis=1) - sizes
    part = np.clip(np.divide(room - before, sizes, out=np.zeros_like(sizes), where=sizes > 0), 0.0, 1.0)
    cache = np.zeros_like(worth)
    np.put_along_axis(cache, order, part, axis=1)
    return (cache * worth).sum(axis=1), cache


def write_certificate(instance: Instance, prices: Prices, path: Path) -> None:
    """Write the prices as JSON. Raises InputError when the file cannot be written."""
    document = {
        "format": FORMAT,
        "version": 1,
        "instance": instance.name,
        "instance_sha256": instance.sha256,
        "prices": {name: getattr(prices, name).tolist() for name in ("steps", "bandwidth", "loading")},
    }
    files.write_bytes(path, json.dumps(document, allow_nan=False).encode() + b"\n")


def read_certificate(path: Path, instance: Instance) -> Prices:
    """The prices of a certificate for ``instance``. Raises InputError, one line that names what is wrong."""
    content = files.read_bytes(path)
    try:
        document = files.parse_json(content)
        files.check_header(document, FORMAT)
        if document.get("instance_sha256") != instance.sha256:
            found = shorten(document.get("instance_sha256"))
            raise InputError(f"instance_sha256: {found}; must be {instance.sha256!r}, the hash of this instance")
        prices = document.get("prices")
        if not isinstance(prices, dict):
            raise InputError(f"prices: {shorten(prices)}; must be an object")
        frames, slots, models = instance.frames, instance.slots, len(instance.models)
        shapes = {"steps": (frames, slots), "bandwidth": (frames, slots), "loading": (frames, models)}
        found_prices = Prices(
            **{name: files.number_array(prices.get(name), f"prices.{name}", shape) for name, shape in shapes.items()}
        )
        check_prices(instance, found_prices)
        return found_prices
    except InputError as error:
        raise error.within(str(path)) from None
