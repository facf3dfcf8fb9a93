"""Certificates: prices from which anyone can recompute a lower bound on J, without a solver.

For any prices of steps lambda >= 0 and of bandwidth nu > 0 in every slot, and of loading 0 <= mu <= sigma c in
every frame, the users separate, and what is left of a frame is one knapsack over models, bounded by its
linear relaxation (Geoffrion, Lagrangean relaxation for integer programming, 1974; Dantzig,
Discrete-variable extremum problems, 1957). Good prices give a good bound; bad ones a weak bound, never a
false one: every step below holds for inexact numbers too, up to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import room_gb
from problems.certificates.service import Requests, Service, best_service
from problems.instance import Instance
from problems.io.arrays import first_index, number_array
from problems.io.errors import InputError
from problems.prices import Prices

LEAST_PRICE = 1e-12
ROUNDING = 1e-12
"""Relative: covers the floating-point errors in adding up a bound."""


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
        value = number_array(getattr(prices, name), f"prices.{name}", shape)
        wrong = (value < 0) | (value > most)
        if wrong.any():
            worst = value[tuple(np.argwhere(wrong)[0])]
            raise InputError(f"prices.{name}{first_index(wrong)}: {worst:g}; must be {allowed}")


def relaxed(instance: Instance, prices: Prices) -> Relaxed:
    """Solve the relaxed programme at the prices."""
    requests = Requests.of(instance)
    best = _served(instance, requests, prices)
    frames = _priced(instance, requests, best, prices)
    value, cache = _knapsacks(frames.worth, instance)
    total = float(frames.base.sum()) - float(value.sum())
    size = float(np.abs(best.cloud_cost).sum() + np.abs(value).sum()) + float(_budget_cost(instance, prices).sum())
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
    requests = Requests.of(instance)
    return _priced(instance, requests, _served(instance, requests, prices), prices)


def _served(instance: Instance, requests: Requests, prices: Prices) -> Service:
    place = requests.frame, requests.slot
    return best_service(instance, requests, prices.steps[place], np.maximum(prices.bandwidth, LEAST_PRICE)[place])


def _priced(instance: Instance, requests: Requests, best: Service, prices: Prices) -> PricedFrames:
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


def _knapsacks(worth: np.ndarray, instance: Instance) -> tuple[np.ndarray, np.ndarray]:
    """For each frame the most worth (T, M) that a cache can hold, models divisible, and that cache (T, M)."""
    size = instance.catalogue.size_gb
    room = room_gb(instance.system.cache_gb)
    worth = np.where((worth > 0) & (size <= room), worth, 0.0)
    order = np.argsort(-worth / size, axis=1, kind="stable")
    sizes = np.where(np.take_along_axis(worth, order, axis=1) > 0, size[order], 0.0)
    before = np.cumsum(sizes, axis=1) - sizes
    part = np.clip(np.divide(room - before, sizes, out=np.zeros_like(sizes), where=sizes > 0), 0.0, 1.0)
    cache = np.zeros_like(worth)
    np.put_along_axis(cache, order, part, axis=1)
    return (cache * worth).sum(axis=1), cache
