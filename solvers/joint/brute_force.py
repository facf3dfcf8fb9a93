"""Every cache and every split of the steps, one by one: the check of the other exact solvers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

import numpy as np

from problems.caches import room_gb
from problems.episode import Slots, slots_of
from problems.instance import Instance
from problems.judge import judge, proves_optimal
from problems.solution import Solution
from solvers.base import Budget, Capabilities, Report, Solver, Unsuitable
from solvers.slot.costs import air_time, slot_costs

MAX_CACHES = 64
MAX_SPLITS = 20_000
SHARE_BISECTIONS = 52
PRICE_BISECTIONS = 64


@dataclass(frozen=True)
class BruteForce(Solver):
    """The optimum with a proof, deadline included, by naive enumeration.

    Enumerates all feasible caches of a frame, all integer splits of the step budget in a slot, and
    all sequences of caches by dynamic programming; the bandwidth of each split is found by nested
    bisection of its KKT conditions, whose dual value makes the bound. Shares no algorithm with the
    other solvers. Raises Unsuitable beyond 64 caches a frame or 20,000 splits a slot.
    """

    capabilities = Capabilities(
        "hindsight", exact=True, exact_with_deadline=True, gives_bound=True, honours_limits=True
    )

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """See :meth:`solvers.base.Solver.solve`; until the time limit only the empty caches are known."""
        caches = _feasible_caches(instance)
        splits = _splits(instance.system.step_budget, instance.users)
        shape = (len(caches), *instance.trace.request.shape)
        bandwidth, steps = np.zeros(shape), np.zeros(shape, dtype=np.int64)
        cost, bound = np.zeros((2, instance.frames, len(caches)))
        for t, k in np.ndindex(instance.frames, instance.slots):
            for c, best in enumerate(_best_splits(instance, t * instance.slots + k, caches, splits)):
                bandwidth[c, t, k], steps[c, t, k] = best[:2]
                cost[t, c] += best[2]
                bound[t, c] += best[3]
            if budget.expired:
                return _cut_short(instance, caches)
        path, _ = _cheapest_path(instance, caches, cost)
        frames = np.arange(instance.frames)
        lower_bound = _cheapest_path(instance, caches, bound)[1] / max(instance.active_requests, 1)
        solution = Solution(caches[path], bandwidth[path, frames], steps[path, frames], lower_bound)
        proved = proves_optimal(judge(instance, solution).cost, lower_bound)
        return Solution(
            solution.cache, solution.bandwidth, solution.steps, lower_bound, "optimal" if proved else "feasible"
        )


def _feasible_caches(instance: Instance) -> np.ndarray:
    """(C, M) bool: every set of models that fits."""
    models = len(instance.models)
    if models > MAX_CACHES.bit_length() + 4:
        raise Unsuitable(f"enumerates at most {MAX_CACHES} caches; {models} models have 2^{models}")
    caches = np.array(list(itertools.product((False, True), repeat=models)))
    room = room_gb(instance.system.cache_gb)
    caches = caches[caches @ instance.catalogue.size_gb <= room]
    if len(caches) > MAX_CACHES:
        raise Unsuitable(f"enumerates at most {MAX_CACHES} caches; {len(caches)} fit")
    return caches


def _splits(step_budget: int, users: int) -> np.ndarray:
    """(X, N): every way to give whole steps to the users within the budget."""
    count = comb(step_budget + users, users)
    if count > MAX_SPLITS:
        raise Unsuitable(f"enumerates at most {MAX_SPLITS} splits of the steps; a slot has {count}")
    splits: list[tuple[int, ...]] = [()]
    for _ in range(users):
        splits = [(*split, s) for split in splits for s in range(step_budget - sum(split) + 1)]
    return np.array(splits)


def _best_splits(
    instance: Instance, row: int, caches: np.ndarray, splits: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray, float, float]]:
    """Bandwidth (N,), steps (N,), cost and lower bound of one slot under each of the caches."""
    rows = slice(row, row + 1)
    empty = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    slot = slots_of(instance, empty, rows)
    no_steps = np.zeros_like(splits[:1])
    free, free_bound = _bandwidth_by_bisection(slot, no_steps) if not slot.system.couples_budgets else (None, None)
    for cache in caches:
        slot = slots_of(instance, np.repeat(cache[None], instance.frames, axis=0), rows)
        steps = splits[_allowed(slot, splits)]
        copies = slot.take(np.zeros(len(steps), dtype=np.int64))
        if free is None:
            bandwidth, bound = _bandwidth_by_bisection(copies, steps)
            cost = slot_costs(copies, bandwidth, steps)
        else:
            bandwidth = np.repeat(free, len(steps), axis=0)
            cost = slot_costs(copies, bandwidth, steps)
            bound = cost - (slot_costs(slot, free, no_steps) - free_bound)
        best = int(cost.argmin())
        yield bandwidth[best], steps[best], float(cost[best]), float(bound.min())


def _allowed(slot: Slots, splits: np.ndarray) -> np.ndarray:
    """(X,) bool: steps for cached requests only, and for all of them where the edge is forced."""
    may = slot.cached[0]
    allowed: np.ndarray = (splits[:, ~may] == 0).all(axis=1)
    if slot.system.forced_edge:
        allowed &= (splits[:, may] >= 1).all(axis=1)
    return allowed


def _bandwidth_by_bisection(slots: Slots, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bandwidth (B, N) of least cost for given steps, and its Lagrangian bound (B,).

    At a price nu of bandwidth each user takes the share where one more sliver no longer pays, found
    by bisection on the sign of the slope; nu itself by bisection on the sum of the shares.
    """
    active = slots.active
    if not active.any() or _indifferent(slots):
        share = active / np.maximum(active.sum(axis=1, keepdims=True), 1)
        return share, slot_costs(slots, share, steps)
    low, high = np.full((len(slots), 1), -60.0), np.full((len(slots), 1), 80.0)
    for _ in range(PRICE_BISECTIONS):
        price = 0.5 * (low + high)
        over = _demanded(slots, steps, price).sum(axis=1, keepdims=True) > 1.0
        low, high = np.where(over, price, low), np.where(over, high, price)
    share = _demanded(slots, steps, high)
    nu = np.exp(high[:, 0])
    bound = slot_costs(slots, share, steps) - nu * (1.0 - share.sum(axis=1))
    return share / np.maximum(share.sum(axis=1, keepdims=True), 1e-300), bound


def _indifferent(slots: Slots) -> bool:
    return slots.system.latency_weight == 0 and not slots.system.couples_budgets


def _demanded(slots: Slots, steps: np.ndarray, price: np.ndarray) -> np.ndarray:
    """(B, N): each user's best share of at most the whole band when a unit of band costs exp(price)."""
    low, high = np.full(steps.shape, np.log(1e-12)), np.zeros(steps.shape)
    for _ in range(SHARE_BISECTIONS):
        middle = 0.5 * (low + high)
        worth = _saving_of_more(slots, steps, np.exp(middle)) > np.exp(price)
        low, high = np.where(worth, middle, low), np.where(worth, high, middle)
    return np.where(slots.active, np.exp(low), 0.0)


def _saving_of_more(slots: Slots, steps: np.ndarray, share: np.ndarray) -> np.ndarray:
    """(B, N): minus the right-hand derivative of each user's cost in its share, by differentiating the formulas."""
    system, catalogue, request = slots.system, slots.catalogue, slots.request
    up = system.user_power_w * slots.gain / (system.noise_w_per_mhz * system.uplink_mhz)
    down = system.bs_power_w * slots.gain / (system.noise_w_per_mhz * system.downlink_mhz)
    spectral = np.log1p(up / share)
    slope_up = (spectral - up / (share + up)) / (share * spectral) ** 2
    saved = 8 * np.log(2) * slots.input_mb / system.uplink_mhz * slope_up
    saved = saved + 8 * np.log(2) * slots.output_mb / (system.downlink_mhz * np.log1p(down) * share**2)
    weight = np.full(share.shape, system.latency_weight)
    if system.deadline_s is not None:
        edge = catalogue.step_s[request] * steps + catalogue.setup_s[request]
        cloud = 8 * (slots.input_mb + slots.output_mb) / system.backhaul_mbps + catalogue.cloud_s[request]
        late = air_time(slots, share) + np.where(steps >= 1, edge, cloud) > system.deadline_s
        weight = weight + system.late_penalty * late
    saving: np.ndarray = weight * saved
    return saving


def _cheapest_path(instance: Instance, caches: np.ndarray, cost: np.ndarray) -> tuple[np.ndarray, float]:
    """The sequence of caches (T,) of least summed cost (T, C) and loading, and that least sum."""
    held = caches.astype(float)
    price = instance.system.load_cost_per_gb
    loading = price * np.maximum(held[None, :, :] - held[:, None, :], 0.0) @ instance.catalogue.size_gb
    value = cost[0] + price * held @ instance.catalogue.size_gb
    came_from = []
    for stage in cost[1:]:
        through = value[:, None] + loading
        came_from.append(through.argmin(axis=0))
        value = through.min(axis=0) + stage
    path = [int(value.argmin())]
    for origin in reversed(came_from):
        path.append(int(origin[path[-1]]))
    return np.array(path[::-1]), float(value.min())


def _cut_short(instance: Instance, caches: np.ndarray) -> Solution:
    """The empty caches with equal bandwidth: feasible, and all that is known before the enumeration ends."""
    active = instance.active
    share = active / np.maximum(active.sum(axis=2, keepdims=True), 1)
    empty = np.repeat(caches[:1], instance.frames, axis=0)
    return Solution(empty, share, np.zeros(active.shape, dtype=np.int64), status="timeout")
