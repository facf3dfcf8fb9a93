"""The problem once more, from its description alone: plain Python on the JSON document, nothing of the product.

:func:`evaluate` scores decisions, :func:`broken` names the rules that they break, and :func:`optimum`
enumerates the caches of a small instance, and with a deadline its steps too. Decisions are nested lists or arrays,
indexed ``cache[t][m]``, ``bandwidth[t][k][n]`` and ``steps[t][k][n]``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

Document = dict[str, Any]

TOLERANCE = 1e-9
SHARE_OF_NO_DATA = 1e-15
"""A user that sends and receives nothing needs bandwidth > 0, but no measurable amount of it."""


@dataclass(frozen=True)
class Request:
    """One active user's request in one slot."""

    model: dict[str, Any]
    index: int
    gain: float
    input_mb: float
    output_mb: float


def active_requests(document: Document) -> Iterator[tuple[int, int, int, Request]]:
    """Frame, slot, user and request of every active user."""
    trace = document["trace"]
    for t, frame in enumerate(trace["request"]):
        for k, slot in enumerate(frame):
            for n, m in enumerate(slot):
                if m >= 0:
                    gain, d_in, d_out = (float(trace[key][t][k][n]) for key in ("gain", "input_mb", "output_mb"))
                    yield t, k, n, Request(document["models"][m], m, gain, d_in, d_out)


def air_time(system: dict[str, Any], request: Request, b: float) -> float:
    """Seconds on the air with the share ``b`` of the bandwidth."""
    noise, band_up, band_down = system["noise_w_per_mhz"], system["uplink_mhz"], system["downlink_mhz"]
    rate_up = b * band_up * math.log1p(system["user_power_w"] * request.gain / (noise * band_up * b)) / math.log(2)
    rate_down = b * band_down * math.log1p(system["bs_power_w"] * request.gain / (noise * band_down)) / math.log(2)
    return 8 * request.input_mb / rate_up + 8 * request.output_mb / rate_down


def quality(model: dict[str, Any], s: float) -> float:
    """TV after ``s`` steps at the edge."""
    low, high, worst, best = (model[key] for key in ("steps_low", "steps_high", "tv_worst", "tv_best"))
    if s <= low:
        return worst
    if s >= high:
        return best
    return worst + (best - worst) * (s - low) / (high - low)


def generation(system: dict[str, Any], request: Request, s: float) -> tuple[float, float]:
    """Seconds beside the air time, and TV, for ``s`` steps (0: the cloud)."""
    model = request.model
    if s >= 1:
        return model["step_s"] * s + model["setup_s"], quality(model, s)
    backhaul = 8 * (request.input_mb + request.output_mb) / system["backhaul_mbps"]
    return backhaul + model["cloud_s"], model["tv_best"]


def loaded_gb(document: Document, cache: Any) -> float:
    """GB that enter the cache over all frames; it starts empty."""
    total, before = 0.0, [0] * len(document["models"])
    for held in cache:
        for m, model in enumerate(document["models"]):
            total += model["size_gb"] * max(0.0, float(held[m]) - float(before[m]))
        before = held
    return total


def evaluate(document: Document, cache: Any, bandwidth: Any, steps: Any) -> dict[str, float]:
    """The cost J, its four parts and the metrics."""
    system = document["system"]
    alpha, beta, kappa, tau = (system[key] for key in ("latency_weight", "tv_to_s", "late_penalty", "deadline_s"))
    latencies, tvs, late, hits, edge = [], [], [], 0, 0
    for t, k, n, request in active_requests(document):
        s = steps[t][k][n]
        seconds, tv = generation(system, request, s)
        latency = air_time(system, request, float(bandwidth[t][k][n])) + seconds
        latencies.append(latency)
        tvs.append(tv)
        late.append(0.0 if tau is None else max(0.0, latency - tau))
        hits += bool(cache[t][request.index] == 1)
        edge += bool(s >= 1)
    count = len(latencies)
    loaded = loaded_gb(document, cache)
    parts = {
        "latency_cost": alpha * math.fsum(latencies) / count,
        "quality_cost": (1 - alpha) * beta * math.fsum(tvs) / count,
        "late_cost": kappa * math.fsum(late) / count,
        "loading_cost": system["load_cost_per_gb"] * loaded / count,
    }
    cost = math.fsum(parts.values())
    return {
        **parts,
        "cost": cost,
        "utility": -cost,
        "mean_latency_s": math.fsum(latencies) / count,
        "mean_tv": math.fsum(tvs) / count,
        "hit_ratio": hits / count,
        "edge_served_ratio": edge / count,
        "late_ratio": sum(seconds > 0 for seconds in late) / count,
        "loaded_gb": loaded,
        "active_requests": count,
    }


def broken(document: Document, cache: Any, bandwidth: Any, steps: Any) -> list[str]:
    """A line for every constraint that the (complete) decisions break."""
    system, requests = document["system"], document["trace"]["request"]
    found = []
    for t, held in enumerate(cache):
        if any(x not in (0, 1) for x in held):
            found.append(f"cache of frame {t} is not binary")
        size = math.fsum(model["size_gb"] * float(x) for model, x in zip(document["models"], held, strict=True))
        if size > system["cache_gb"] * (1 + TOLERANCE):
            found.append(f"cache of frame {t} is over its capacity")
    for t, frame in enumerate(requests):
        for k, slot in enumerate(frame):
            if math.fsum(bandwidth[t][k]) > 1 + TOLERANCE:
                found.append(f"bandwidth of slot {t},{k} is over 1")
            if math.fsum(steps[t][k]) > system["step_budget"]:
                found.append(f"steps of slot {t},{k} are over the budget")
            for n, m in enumerate(slot):
                b, s, place = bandwidth[t][k][n], steps[t][k][n], f"{t},{k},{n}"
                if s != math.floor(s) or s < 0:
                    found.append(f"steps of {place} are no whole number >= 0")
                if m < 0 and (b != 0 or s != 0):
                    found.append(f"{place} is idle and has bandwidth or steps")
                if m >= 0 and not b > 0:
                    found.append(f"{place} is active and has no bandwidth")
                if m >= 0 and s > 0 and cache[t][m] != 1:
                    found.append(f"{place} is served at the edge without its model")
                if m >= 0 and s == 0 and cache[t][m] == 1 and system["forced_edge"]:
                    found.append(f"{place} goes to the cloud although its model is cached")
    return found


@dataclass(frozen=True)
class Optimum:
    """An optimal solution and its cost J."""

    cost: float
    cache: list[list[int]]
    bandwidth: list[list[list[float]]]
    steps: list[list[list[int]]]


def optimum(document: Document) -> Optimum:
    """The optimum of a small instance, by enumerating every frame's caches.

    A slot depends on the cache only through which of the requested models are held. Where lateness has
    no price bandwidth and steps separate within it; else every split of its steps is tried, for at most two
    requests a slot. Dynamic programming over caches joins the frames.
    """
    system, models = document["system"], document["models"]
    asks = document["trace"]["request"]
    frames, slots, users = len(asks), len(asks[0]), len(asks[0][0])
    coupled = system["deadline_s"] is not None and system["late_penalty"] > 0
    asked: dict[tuple[int, int], dict[int, Request]] = {(t, k): {} for t in range(frames) for k in range(slots)}
    for t, k, n, request in active_requests(document):
        asked[t, k][n] = request

    caches = [held for held in product((0, 1), repeat=len(models)) if _fits(held, document)]
    known: dict[tuple[int, int, tuple[int, ...]], Slot] = {}
    split = best_coupled_slot if coupled else best_slot

    def slot(t: int, k: int, held: tuple[int, ...]) -> Slot:
        requests = list(asked[t, k].values())
        cached = tuple(held[request.index] for request in requests)
        if (t, k, cached) not in known:
            known[t, k, cached] = split(system, requests, cached)
        return known[t, k, cached]

    def loading(before: tuple[int, ...], held: tuple[int, ...]) -> float:
        gb = sum(model["size_gb"] for model, x, y in zip(models, before, held, strict=True) if y > x)
        return float(system["load_cost_per_gb"] * gb)

    empty = (0,) * len(models)
    best: dict[tuple[int, ...], tuple[float, list[tuple[int, ...]]]] = {empty: (0.0, [])}
    for t in range(frames):
        after = {}
        for held in caches:
            stage = sum(slot(t, k, held).cost for k in range(slots))
            before = min(best, key=lambda b: best[b][0] + loading(b, held))
            after[held] = (best[before][0] + loading(before, held) + stage, [*best[before][1], held])
        best = after
    total, path = min(best.values(), key=lambda entry: entry[0])

    bandwidth = [[[0.0] * users for _ in range(slots)] for _ in range(frames)]
    steps = [[[0] * users for _ in range(slots)] for _ in range(frames)]
    for (t, k), requests in asked.items():
        best_split = slot(t, k, path[t])
        for n, b, s in zip(requests, best_split.bandwidth, best_split.steps, strict=True):
            bandwidth[t][k][n], steps[t][k][n] = b, s
    count = max(1, sum(map(len, asked.values())))
    return Optimum(total / count, [list(held) for held in path], bandwidth, steps)


@dataclass(frozen=True)
class Slot:
    """What the requests of one slot cost at best, summed, and how the budgets are split among them."""

    cost: float
    bandwidth: list[float]
    steps: list[int]


def best_slot(system: dict[str, Any], requests: list[Request], cached: tuple[int, ...]) -> Slot:
    """The cheapest split where lateness has no price."""
    shares = best_bandwidth(system, requests)
    air = sum(air_time(system, request, b) for request, b in zip(requests, shares, strict=True))
    cost, steps = best_steps(system, requests, cached)
    return Slot(system["latency_weight"] * air + cost, shares, steps)


def best_coupled_slot(system: dict[str, Any], requests: list[Request], cached: tuple[int, ...]) -> Slot:
    """The cheapest split where lateness has a price, of at most two requests: every split of the steps is tried."""
    alpha, beta, kappa = (system[key] for key in ("latency_weight", "tv_to_s", "late_penalty"))
    best = Slot(math.inf, [], [])
    for steps in product(*(step_options(system, *asked) for asked in zip(requests, cached, strict=True))):
        if sum(steps) > system["step_budget"]:
            continue
        served = [generation(system, request, s) for request, s in zip(requests, steps, strict=True)]
        shares = best_shares_with_a_deadline(system, requests, [seconds for seconds, _ in served])
        cost = 0.0
        for request, (seconds, tv), b in zip(requests, served, shares, strict=True):
            latency = air_time(system, request, b) + seconds
            cost += alpha * latency + (1 - alpha) * beta * tv + kappa * max(0.0, latency - system["deadline_s"])
        if cost < best.cost:
            best = Slot(cost, shares, list(steps))
    return best


def best_shares_with_a_deadline(system: dict[str, Any], requests: list[Request], seconds: list[float]) -> list[float]:
    """The shares of at most two requests that take so many seconds beside the air: the slope's root, by bisection."""
    if len(requests) > 2:
        raise ValueError(f"{len(requests)} requests in a slot with a deadline; at most two are enumerated here")
    if len(requests) < 2:
        return [1.0] * len(requests)

    def saved(n: int, b: float) -> float:
        late = air_time(system, requests[n], b) + seconds[n] > system["deadline_s"]
        weight = system["latency_weight"] + (system["late_penalty"] if late else 0.0)
        return float(weight * marginal_gain(system, requests[n], b))

    first = _bisect(lambda b: saved(0, b) > saved(1, 1 - b), 0.0, 1.0)
    return [first, 1 - first]


def step_options(system: dict[str, Any], request: Request, held: int) -> list[int]:
    """The step counts that can be best: more than A2 take longer and give no better quality."""
    options = list(range(1, max(1, math.ceil(request.model["steps_high"])) + 1)) if held else []
    return options if held and system["forced_edge"] else [0, *options]


def best_steps(system: dict[str, Any], requests: list[Request], cached: tuple[int, ...]) -> tuple[float, list[int]]:
    """The cheapest steps of a slot and their cost without air time; exact dynamic programming over the budget."""
    alpha, beta, budget = system["latency_weight"], system["tv_to_s"], system["step_budget"]
    best: list[tuple[float, list[int]]] = [(0.0, [])] * (budget + 1)
    for request, held in zip(requests, cached, strict=True):
        prices = []
        for s in step_options(system, request, held):
            seconds, tv = generation(system, request, s)
            prices.append((s, alpha * seconds + (1 - alpha) * beta * tv))
        after = []
        for left in range(budget + 1):
            value, s = min(((best[left - s][0] + price, s) for s, price in prices if s <= left), default=(math.inf, 0))
            after.append((value, [*best[left - s][1], s]))
        best = after
    return best[budget]


def best_bandwidth(system: dict[str, Any], requests: list[Request]) -> list[float]:
    """The shares that minimise the sum of air times: equal marginal gains (KKT) by nested bisection."""
    loaded = [request for request in requests if request.input_mb + request.output_mb > 0]
    idle = len(requests) - len(loaded)
    shares: dict[int, float] = {}
    if loaded:
        equal = 1 / len(loaded)
        marginals = [marginal_gain(system, request, equal) for request in loaded]
        price = _bisect(
            lambda price: sum(_share_at(system, request, price) for request in loaded) > 1,
            min(marginals),
            max(marginals),
        )
        raw = [_share_at(system, request, price) for request in loaded]
        scale = (1 - idle * SHARE_OF_NO_DATA) / sum(raw)
        shares = {id(request): b * scale for request, b in zip(loaded, raw, strict=True)}
    return [shares.get(id(request), SHARE_OF_NO_DATA) for request in requests]


def marginal_gain(system: dict[str, Any], request: Request, b: float) -> float:
    """-d air / d b, by the quotient rule; it falls as b grows."""
    noise, band_up, band_down = system["noise_w_per_mhz"], system["uplink_mhz"], system["downlink_mhz"]
    x = system["user_power_w"] * request.gain / (noise * band_up * b)
    rate = b * band_up * math.log1p(x) / math.log(2)
    # log(1 + x) - x / (1 + x), whose two terms cancel where x is small
    difference = math.log1p(x) - x / (1 + x) if x > 1e-3 else x * x * (1 / 2 - x * (2 / 3 - x * (3 / 4 - x * 4 / 5)))
    slope = band_up * difference / math.log(2)
    rate_down = band_down * math.log1p(system["bs_power_w"] * request.gain / (noise * band_down)) / math.log(2)
    return 8 * request.input_mb * slope / rate**2 + 8 * request.output_mb / (rate_down * b * b)


def _share_at(system: dict[str, Any], request: Request, price: float) -> float:
    """The share, at most 1, at which one more unit of bandwidth saves ``price`` seconds."""
    if marginal_gain(system, request, 1.0) >= price:
        return 1.0
    low = 0.5
    while marginal_gain(system, request, low) < price:
        low /= 2
    return _bisect(lambda b: marginal_gain(system, request, b) > price, low, 2 * low)


def _bisect(too_low: Callable[[float], bool], low: float, high: float) -> float:
    """The point between ``low`` and ``high`` from which ``too_low`` no longer holds, to a relative 1e-13."""
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if too_low(middle):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _fits(held: tuple[int, ...], document: Document) -> bool:
    size = math.fsum(model["size_gb"] for model, x in zip(document["models"], held, strict=True) if x)
    return size <= document["system"]["cache_gb"] * (1 + TOLERANCE)
