"""The bandwidth of a slot by its KKT conditions, with a dual certificate.

At the optimum ``F(b) / b^2`` is the same price nu for every user (Boyd and Vandenberghe, Convex
Optimization, sections 5.5.3 and 5.5.5; F as in :mod:`solvers.slot.air_loads`), so that ``b = t sqrt(F(b))`` with
t = nu^(-1/2). Newton's method on these equations is linear in t, which the band's sum then gives
in closed form; F hardly depends on b, so four turns reach the last bits.

Slots are worked through in blocks that fit the processor's cache, their users side by side in flat
arrays, whatever the slots' sizes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from problems.episode import Slots
from problems.equal_split import equal_split
from solvers.kernel import kernel, vector_kernel
from solvers.slot.air_loads import LARGEST, LEAST_LOAD, NO_LOAD, SERIES_BELOW, AirLoads
from solvers.slot.logarithm import log1p_and_share, rough_log1p

GAP_TOLERANCE = 1e-13
"""Relative: where the certificate ends the iteration."""
FIRST_CHECK = 3
"""Turns before the certificate is first looked at."""
NEWTON_TURNS = 12
MAX_TURNS = 60
"""Turns after the Newton turns are those of the fixed point, which contracts whatever the start."""
GREATEST_FALL = 0.1
"""No share falls below this part of itself in a turn."""
BLOCK_USERS = 512


def optimal_bandwidth(slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    """The bandwidth (B, N) that minimises alpha times the air time of each slot, deadline left aside.

    Also a certified lower bound (B,) on that sum, in cost. With alpha = 0 bandwidth does not matter
    and the split is equal.
    """
    alpha = slots.system.latency_weight
    if alpha == 0:
        return equal_bandwidth(slots), np.zeros(len(slots))
    loads = AirLoads.of(slots)
    bandwidth = np.zeros(slots.request.shape)
    bound = np.zeros(len(slots))
    _split_all(loads.up, loads.snr, loads.down, slots.active, bandwidth, bound)
    return bandwidth, alpha * bound


def equal_bandwidth(slots: Slots) -> np.ndarray:
    """(B, N) equal shares for the active users."""
    return equal_split(slots.request, slots.cached, slots.catalogue, slots.system.step_budget)[0]


class _Block(NamedTuple):
    """Some slots' active users, side by side; (U,) arrays."""

    up: np.ndarray
    snr: np.ndarray
    down: np.ndarray
    lent: np.ndarray
    """What was added to ``down``, so that everybody has a load."""
    share: np.ndarray
    one: np.ndarray
    """Terms of each user, as the turn has need of."""
    two: np.ndarray
    three: np.ndarray


@kernel
def _split_all(
    up: np.ndarray, snr: np.ndarray, down: np.ndarray, active: np.ndarray, bandwidth: np.ndarray, bound: np.ndarray
) -> None:
    slots, users = up.shape
    most = max(1, BLOCK_USERS // max(users, 1))
    first = np.zeros(most + 1, dtype=np.int64)
    length = most * users
    space = _Block(
        np.empty(length),
        np.empty(length),
        np.empty(length),
        np.empty(length),
        np.empty(length),
        np.empty(length),
        np.empty(length),
        np.empty(length),
    )
    for start in range(0, slots, most):
        stop = min(start + most, slots)
        count = 0
        for row in range(start, stop):
            for n in range(users):
                if active[row, n]:
                    space.up[count], space.snr[count], space.down[count] = up[row, n], snr[row, n], down[row, n]
                    count += 1
            first[row - start + 1] = count
        block = _Block(
            space.up[:count],
            space.snr[:count],
            space.down[:count],
            space.lent[:count],
            space.share[:count],
            space.one[:count],
            space.two[:count],
            space.three[:count],
        )
        _split_block(block, first[: stop - start + 1], bound[start:stop])
        count = 0
        for row in range(start, stop):
            for n in range(users):
                if active[row, n]:
                    bandwidth[row, n] = block.share[count]
                    count += 1


@kernel
def _split_block(block: _Block, first: np.ndarray, bound: np.ndarray) -> None:
    """Fill in the shares that minimise the sum of air times of each slot, and a lower bound on it in seconds.

    The users of slot k are ``first[k]`` to before ``first[k + 1]``. The bound is that of Frank and Wolfe, the
    objective less ``max F/b^2 - sum F/b`` (Jaggi, Revisiting Frank-Wolfe, 2013, section 2), and
    less what was lent to users without a load.
    """
    up, snr, down, lent, share, one, two, three = block
    slots = len(first) - 1
    for k in range(slots):
        _give_loads(block, first[k], first[k + 1])
    _first_shares(up, snr, down, one, two)
    for k in range(slots):
        _scale(share, two, first[k], first[k + 1])
    for turn in range(MAX_TURNS):
        _newton_terms(up, snr, down, share, one, two)
        if turn >= NEWTON_TURNS:
            two[:] = 0.0
        for k in range(slots):
            _move(share, one, two, first[k], first[k + 1])
        if turn + 1 < FIRST_CHECK:
            continue
        _certificate_terms(up, snr, down, lent, share, one, two, three)
        done = True
        for k in range(slots):
            bound[k], close = _certificate(one, two, three, first[k], first[k + 1])
            done = done and close
        if done:
            return  # a turn ends with shares that sum to one, unless one of them was kept from falling
    for k in range(slots):
        _scale(share, share, first[k], first[k + 1])


@vector_kernel
def _newton_terms(
    up: np.ndarray, snr: np.ndarray, down: np.ndarray, share: np.ndarray, scale: np.ndarray, shift: np.ndarray
) -> None:
    """Newton's next share is ``t scale + shift``."""
    for j in range(len(up)):
        u = min(snr[j] / share[j], LARGEST)
        log, q = log1p_and_share(u)
        per_log = 1.0 / log
        tiny = u < SERIES_BELOW
        rate = 0.5 - u / 6.0 + u * u / 8.0 if tiny else (log - q) * per_log * per_log
        turn = u / 6.0 - u * u / 4.0 if tiny else q * (2.0 * (log - q) - q * log) * per_log * per_log * per_log
        load = up[j] * rate + down[j]
        bend = 0.5 * up[j] * turn
        weight = 1.0 / (load - bend)
        scale[j] = math.sqrt(load) * load * weight
        shift[j] = -bend * share[j] * weight


@vector_kernel
def _certificate_terms(
    up: np.ndarray,
    snr: np.ndarray,
    down: np.ndarray,
    lent: np.ndarray,
    share: np.ndarray,
    slope: np.ndarray,
    price: np.ndarray,
    air: np.ndarray,
) -> None:
    """F(b) / b, F(b) / b^2, and the air time less twice the time of what was lent: once for the air, once for F."""
    for j in range(len(up)):
        per_share = 1.0 / share[j]
        u = min(snr[j] * per_share, LARGEST)
        log, q = log1p_and_share(u)
        per_log = 1.0 / log
        rate = 0.5 - u / 6.0 + u * u / 8.0 if u < SERIES_BELOW else (log - q) * per_log * per_log
        slope[j] = (up[j] * rate + down[j]) * per_share
        price[j] = slope[j] * per_share
        air[j] = (up[j] * per_log + down[j] - 2.0 * lent[j]) * per_share


@vector_kernel
def _give_loads(block: _Block, at: int, to: int) -> None:
    """Lend a little load to who has none; the number of users goes into ``one``."""
    greatest = 0.0
    for j in range(at, to):
        load = block.up[j] + block.down[j]
        greatest = load if load > greatest else greatest
    least = max(NO_LOAD * greatest, LEAST_LOAD)
    users = float(to - at)
    for j in range(at, to):
        missing = least - block.down[j]
        block.lent[j] = missing if missing > 0.0 else 0.0
        block.down[j] += block.lent[j]
        block.one[j] = users


@vector_kernel
def _first_shares(up: np.ndarray, snr: np.ndarray, down: np.ndarray, users: np.ndarray, share: np.ndarray) -> None:
    """Shares, but for a factor, as if ``F = up / (2 + ln(1 + u)) + down`` at equal shares."""
    for j in range(len(up)):
        share[j] = math.sqrt(up[j] / (2.0 + rough_log1p(min(snr[j] * users[j], LARGEST))) + down[j])


@vector_kernel
def _scale(share: np.ndarray, weight: np.ndarray, at: int, to: int) -> None:
    """Shares in proportion to the weights."""
    total = 0.0
    for j in range(at, to):
        total += weight[j]
    part = 1.0 / total
    for j in range(at, to):
        share[j] = weight[j] * part


@vector_kernel
def _move(share: np.ndarray, scale: np.ndarray, shift: np.ndarray, at: int, to: int) -> None:
    """The next shares, ``t scale + shift``, with t such that they sum to one."""
    fixed, slope = 0.0, 0.0
    for j in range(at, to):
        fixed += shift[j]
        slope += scale[j]
    t = (1.0 - fixed) / slope
    for j in range(at, to):
        least = GREATEST_FALL * share[j]
        wanted = t * scale[j] + shift[j]
        share[j] = wanted if wanted > least else least


@vector_kernel
def _certificate(slope: np.ndarray, price: np.ndarray, air: np.ndarray, at: int, to: int) -> tuple[float, bool]:
    """The lower bound, and whether it is as good as it will be."""
    seconds, mean, steepest = 0.0, 0.0, 0.0
    for j in range(at, to):
        seconds += air[j]
        mean += slope[j]
        steepest = price[j] if price[j] > steepest else steepest
    gap = steepest - mean
    return max(seconds - gap, 0.0), abs(gap) <= GAP_TOLERANCE * abs(seconds)
