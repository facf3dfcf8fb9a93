"""A slot whose two budgets are coupled by a deadline, exactly: branch and bound on the steps.

The bound relaxes the bandwidth alone, so its gap is small. The two answers on either side of its
price are improved in turns of exact halves and say which user's options to split; options whose
reduced cost exceeds what is left to gain are dropped.
"""

from __future__ import annotations

import numpy as np

from problems.episode import Slots
from solvers.kernel import kernel
from solvers.slot.air_loads import EXACT, LEAST_LOAD, NO_LOAD, AirLoads, air_terms, share_of_air
from solvers.slot.costs import service_costs
from solvers.slot.coupled_bound import CoupledSlot, node_bound
from solvers.slot.late_bandwidth import LEAST_WEIGHT, split_late_band
from solvers.slot.multiple_choice import choose_options
from solvers.slot.steps import StepOptions

SLOT_GAP = 1e-9
"""Relative: where cost and bound of a slot meet for :mod:`solvers.allocation.exact` and for all that costs caches."""
MAX_NODES = 10_000
"""Of a slot's branch and bound."""
MAX_DESCENT = 20
NODE_DESCENT = 2
DEPTH_A_USER = 16


def coupled_allocation(
    slots: Slots, rows: np.ndarray, cached: np.ndarray, gap: float, max_nodes: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Bandwidth (P, N), steps (P, N), cost (P,) and lower bound (P,) of variants of slots, lateness included.

    Variant p is slot ``rows[p]`` with ``cached[p]`` (N,). Each is solved until cost and bound are
    within the relative ``gap``, or for ``max_nodes`` >= 1 nodes of branch and bound.
    """
    system, options = slots.system, StepOptions.of(slots.catalogue, slots.system.step_budget)
    assert system.deadline_s is not None
    loads = AirLoads.of(slots)
    seconds, base = service_costs(slots, options.steps[slots.request])
    slack = system.deadline_s - seconds
    bandwidth, chosen = np.zeros(cached.shape), np.zeros(cached.shape, dtype=np.int64)
    value, bound = np.zeros(len(rows)), np.zeros(len(rows))
    _solve_all(
        *(loads.up, loads.snr, loads.down, options.steps, options.count, slack, base),
        *(slots.request, rows, cached, system.step_budget, system.forced_edge),
        *(system.latency_weight, system.late_penalty, gap, max_nodes),
        *(bandwidth, chosen, value, bound),
    )
    return bandwidth, chosen, value, bound


@kernel
def _solve_all(
    up: np.ndarray,
    snr: np.ndarray,
    down: np.ndarray,
    option_steps: np.ndarray,
    option_count: np.ndarray,
    slack: np.ndarray,
    base: np.ndarray,
    request: np.ndarray,
    rows: np.ndarray,
    cached: np.ndarray,
    budget: int,
    forced: bool,
    alpha: float,
    kappa: float,
    gap: float,
    max_nodes: int,
    bandwidth: np.ndarray,
    chosen: np.ndarray,
    value: np.ndarray,
    bound: np.ndarray,
) -> None:
    most = option_steps.shape[1]
    for p in range(len(rows)):
        row = rows[p]
        who = np.nonzero(request[row] >= 0)[0]
        users = len(who)
        if users == 0:
            continue
        least = max(NO_LOAD * (up[row][who] + down[row][who]).max(), LEAST_LOAD)
        load_down = np.maximum(down[row][who], least)
        steps = np.zeros((users, most), dtype=np.int64)
        room, cost, kink = np.zeros((users, most)), np.zeros((users, most)), np.zeros((users, most))
        size = np.zeros(users, dtype=np.int64)
        for i in range(users):
            n = who[i]
            model = request[row, n]
            first = 1 if forced and cached[p, n] else 0
            last = option_count[model] if cached[p, n] else 1
            size[i] = last - first
            for j in range(first, last):
                steps[i, j - first] = option_steps[model, j]
                room[i, j - first] = slack[row, n, j]
                cost[i, j - first] = base[row, n, j]
                kink[i, j - first] = share_of_air(slack[row, n, j], up[row, n], snr[row, n], load_down[i], EXACT)
        slot = CoupledSlot(up[row][who], snr[row][who], load_down, steps, room, cost, kink, size, budget, alpha, kappa)
        picked, share, value[p], bound[p] = solve_coupled(slot, gap, max_nodes)
        for i in range(users):
            bandwidth[p, who[i]] = share[i]
            chosen[p, who[i]] = steps[i, picked[i]]


@kernel
def solve_coupled(slot: CoupledSlot, gap: float, max_nodes: int) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Options (N,), shares (N,), cost and lower bound: depth-first branch and bound."""
    users, most = slot.steps.shape
    best = np.zeros(users, dtype=np.int64)
    share, value = best_shares(slot, best)
    depth = 2 + DEPTH_A_USER * users
    stack = np.zeros((depth, users, most), dtype=np.bool_)
    floor, start = np.full(depth, -np.inf), np.full(depth, np.nan)
    for n in range(users):
        stack[0, n, : slot.size[n]] = True
    top, nodes, bound = 0, 0, np.inf
    while top >= 0:
        low, alive = floor[top], stack[top].copy()
        top -= 1
        if low >= value - gap * abs(value) or nodes >= max_nodes or top + 3 >= depth:
            bound = min(bound, low)
            continue
        nodes += 1
        node_low, log_price, answers, regret = node_bound(slot, alive, start[top + 1])
        low = max(low, node_low)
        if low == np.inf:
            continue
        for answer in answers:
            trial, trial_share, trial_value = descend(slot, answer, MAX_DESCENT if nodes == 1 else NODE_DESCENT)
            if trial_value < value:
                best, share, value = trial, trial_share, trial_value
        if low >= value - gap * abs(value):
            bound = min(bound, low)
            continue
        alive &= regret < value
        user, cut = _split(slot.steps, alive, answers)
        if user < 0:
            continue
        for child in range(2):
            top += 1
            stack[top], floor[top], start[top] = alive, low, log_price
            for j in range(most):
                if (slot.steps[user, j] > cut) == (child == 0):
                    stack[top, user, j] = False
    return best, share, value, min(bound, value)


@kernel
def best_shares(slot: CoupledSlot, picked: np.ndarray) -> tuple[np.ndarray, float]:
    """The best shares (N,) for chosen options, and the slot's cost."""
    users = len(picked)
    room = np.empty(users)
    for n in range(users):
        room[n] = slot.slack[n, picked[n]]
    low = max(slot.alpha, LEAST_WEIGHT * slot.kappa)
    share = split_late_band(slot.up, slot.snr, slot.down, room, low, slot.alpha + slot.kappa)
    value = 0.0
    for n in range(users):
        air = air_terms(share[n], slot.up[n], slot.snr[n], slot.down[n])[2]
        value += slot.base[n, picked[n]] + slot.alpha * air + slot.kappa * max(0.0, air - room[n])
    return share, value


@kernel
def descend(slot: CoupledSlot, picked: np.ndarray, turns: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Options, shares and cost after up to ``turns`` turns of the best options for the shares and back."""
    best = picked.copy()
    share, value = best_shares(slot, best)
    cost = slot.base.copy()
    for _ in range(turns):
        for n in range(len(best)):
            air = air_terms(share[n], slot.up[n], slot.snr[n], slot.down[n])[2]
            for j in range(slot.size[n]):
                cost[n, j] = slot.base[n, j] + slot.alpha * air + slot.kappa * max(0.0, air - slot.slack[n, j])
        trial = choose_options(slot.steps, cost, slot.size, slot.budget)[0]
        trial_share, trial_value = best_shares(slot, trial)
        if trial_value >= value:
            break
        best, share, value = trial, trial_share, trial_value
    return best, share, value


@kernel
def _split(steps: np.ndarray, alive: np.ndarray, answers: np.ndarray) -> tuple[int, int]:
    """The user to branch on and the steps to split at: where the two answers differ most, else the fewest options.

    -1 for the user where nobody has a choice.
    """
    users, most = alive.shape
    user, cut, widest, fewest = -1, 0, 0, most + 1
    for n in range(users):
        options = np.nonzero(alive[n])[0]
        if len(options) < 2:
            continue
        low = min(steps[n, answers[0, n]], steps[n, answers[1, n]])
        width = max(steps[n, answers[0, n]], steps[n, answers[1, n]]) - low
        first, last = steps[n, options[0]], steps[n, options[-1]]
        if width > widest:
            user, widest, cut = n, width, low + width // 2
        elif widest == 0 and len(options) < fewest:
            user, fewest, cut = n, len(options), steps[n, options[len(options) // 2 - 1]]
        if user == n:
            cut = max(first, min(cut, last - 1))
    return user, cut
