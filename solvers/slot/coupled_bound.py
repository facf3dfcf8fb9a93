"""The Lagrangian bound of a slot whose budgets are coupled by a deadline.

For a price of bandwidth the users separate but for the step budget: each step option of a user has
its best share in closed form but for one root (the share at which the request is just in time,
clipped between the shares of a user that is never late and of one that always is), and what is left
is a multiple-choice knapsack, solved exactly. Every price gives a lower bound on the slot's cost
(Geoffrion, Lagrangean relaxation for integer programming, 1974); the best one is found where the
shares come to one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from solvers.kernel import kernel
from solvers.slot.air_loads import EXACT, air_terms, share_of_price
from solvers.slot.late_bandwidth import LEAST_WEIGHT
from solvers.slot.multiple_choice import choose_options, envelope_price

MAX_TURNS = 60
PRICE_TOLERANCE = 1e-11
LOWEST_LOG_PRICE = -200.0


class CoupledSlot(NamedTuple):
    """One slot's active users, N of them, with at most O options each.

    Option j < ``size[n]`` of user n costs ``base[n, j] + alpha air + kappa max(0, air - slack[n, j])``.
    """

    up: np.ndarray
    """(N,) and the next two: the air loads of :class:`AirLoads`."""
    snr: np.ndarray
    down: np.ndarray
    steps: np.ndarray
    """(N, O) int, increasing."""
    slack: np.ndarray
    """(N, O) seconds that the option leaves on the air before the deadline."""
    base: np.ndarray
    """(N, O) cost beside the air time's."""
    kink: np.ndarray
    """(N, O) share whose air time is the slack; infinite where no share is enough."""
    size: np.ndarray
    """(N,) int."""
    budget: int
    alpha: float
    kappa: float


@kernel
def node_bound(slot: CoupledSlot, alive: np.ndarray, start: float) -> tuple[float, float, np.ndarray, np.ndarray]:
    """The Lagrangian bound over the options that are ``alive`` (N, O); infinite where none fit the budget.

    Also the log price of bandwidth that gives it, the options (2, N) chosen just below and just above
    that price, and for each option a lower bound (N, O) on the cost of any answer that uses it. The
    search for the price begins around ``start``, unless that is NaN.
    """
    users, most = alive.shape
    index, count = np.zeros((users, most), dtype=np.int64), np.zeros(users, dtype=np.int64)
    steps, least_steps = np.zeros((users, most), dtype=np.int64), 0
    for n in range(users):
        for j in range(most):
            if alive[n, j]:
                index[n, count[n]], steps[n, count[n]] = j, slot.steps[n, j]
                count[n] += 1
        least_steps += steps[n, 0] if count[n] > 0 else slot.budget + 1
    answers, regret = np.zeros((2, users), dtype=np.int64), np.full((users, most), -np.inf)
    if least_steps > slot.budget:
        return np.inf, start, answers, regret
    cost, band, guess = np.zeros((users, most)), np.zeros((users, most)), np.full((users, 2), 1.0 / users)
    cheap, dear = _price_range(slot)
    if not math.isnan(start):
        cheap, dear = start - 0.25, start + 0.25
    low, best_price, over, under = -np.inf, cheap, np.nan, np.nan
    width, last = 1.0, -1
    for turn in range(MAX_TURNS):
        price = _next_price(cheap, dear, over, under, turn)
        _price_options(slot, price, index, count, guess, cost, band)
        picked, value, _ = choose_options(steps, cost, count, slot.budget)
        value -= math.exp(price)
        excess = -1.0
        for n in range(users):
            excess += band[n, picked[n]]
        side = 0 if excess >= 0.0 else 1
        for n in range(users):
            answers[side, n] = index[n, picked[n]]
        if value > low:
            low, best_price = value, price
            _raise_regret(steps, cost, index, count, slot.budget, math.exp(price), regret)
        if abs(excess) <= PRICE_TOLERANCE or dear - cheap <= PRICE_TOLERANCE or cheap < LOWEST_LOG_PRICE:
            break
        if side == 0:
            under = 0.5 * under if last == 0 and price != cheap else under
            cheap, over = price, excess
            if price == dear:
                dear, width = dear + width, 2.0 * width
        else:
            over = 0.5 * over if last == 1 and price != dear else over
            dear, under = price, excess
            if price == cheap:
                cheap, width = cheap - width, 2.0 * width
        last = side
    if abs(excess) <= PRICE_TOLERANCE:
        answers[1 - side] = answers[side]
    return low, best_price, answers, regret


@kernel
def _next_price(cheap: float, dear: float, over: float, under: float, turn: int) -> float:
    """First both ends; then a secant kept off the ends, every third time the middle."""
    if math.isnan(over):
        return cheap
    if math.isnan(under):
        return dear
    if turn % 3 == 2:
        return 0.5 * (cheap + dear)
    margin = 1e-3 * (dear - cheap)
    return min(max(cheap + (dear - cheap) * over / (over - under), cheap + margin), dear - margin)


@kernel
def _price_range(slot: CoupledSlot) -> tuple[float, float]:
    """Log prices at which a whole band for everybody, and an equal split, would be worth while."""
    users = len(slot.up)
    cheap, dear = np.inf, -np.inf
    for n in range(users):
        cheap = min(cheap, math.log(air_terms(1.0, slot.up[n], slot.snr[n], slot.down[n])[0]))
        equal = air_terms(1.0 / users, slot.up[n], slot.snr[n], slot.down[n])[0]
        dear = max(dear, math.log(equal) + 2.0 * math.log(users))
    return cheap + math.log(max(slot.alpha, LEAST_WEIGHT * slot.kappa)), dear + math.log(slot.alpha + slot.kappa)


@kernel
def _price_options(
    slot: CoupledSlot,
    log_price: float,
    index: np.ndarray,
    count: np.ndarray,
    guess: np.ndarray,
    cost: np.ndarray,
    band: np.ndarray,
) -> None:
    """Fill the best share ``band`` of each option, at most the whole, and its ``cost`` with that share paid for."""
    price = math.exp(log_price)
    for n in range(len(count)):
        up, snr, down = slot.up[n], slot.snr[n], slot.down[n]
        never, never_air = 0.0, np.inf
        if slot.alpha > 0.0:
            never = min(share_of_price(log_price - math.log(slot.alpha), guess[n, 0], up, snr, down, EXACT), 1.0)
            never_air = air_terms(never, up, snr, down)[2]
            guess[n, 0] = never
        always = min(
            share_of_price(log_price - math.log(slot.alpha + slot.kappa), guess[n, 1], up, snr, down, EXACT), 1.0
        )
        always_air = air_terms(always, up, snr, down)[2]
        guess[n, 1] = always
        for i in range(count[n]):
            j = index[n, i]
            room = slot.slack[n, j]
            if never_air <= room:
                band[n, i], on_air = never, slot.alpha * never_air
            elif always_air >= room:
                band[n, i], on_air = always, slot.alpha * always_air + slot.kappa * (always_air - room)
            else:
                band[n, i], on_air = slot.kink[n, j], slot.alpha * room
            cost[n, i] = slot.base[n, j] + on_air + price * band[n, i]


@kernel
def _raise_regret(
    steps: np.ndarray,
    cost: np.ndarray,
    index: np.ndarray,
    count: np.ndarray,
    budget: int,
    paid: float,
    regret: np.ndarray,
) -> None:
    """Raise ``regret`` to what the prices of both budgets say; ``paid`` is the price of the whole band."""
    price = envelope_price(steps, cost, count, budget)[0]
    least = np.empty(len(count))
    total = -paid - price * budget
    for n in range(len(count)):
        least[n] = np.inf
        for i in range(count[n]):
            least[n] = min(least[n], cost[n, i] + price * steps[n, i])
        total += least[n]
    for n in range(len(count)):
        for i in range(count[n]):
            using = total - least[n] + cost[n, i] + price * steps[n, i]
            regret[n, index[n, i]] = max(regret[n, index[n, i]], using)
