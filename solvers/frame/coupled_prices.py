"""Prices of both budgets that bound a frame best, where a deadline couples them.

For prices lambda_k of the steps and nu_k of the band in every slot each request is served at least cost on its own;
what is left is a knapsack over models.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from solvers.frame.coupled_service import Demands, served
from solvers.frame.step_prices import LEAST_GAIN, MOMENTUM, PATIENCE, SHORTEST_STRIDE, Holding
from solvers.kernel import kernel

MOST_FALL = 0.5
"""The price of the band falls to no less than this share of itself in a turn."""


class Answers(NamedTuple):
    """What :func:`priced` fills."""

    worth: np.ndarray
    """(M,): what holding each model saves at the prices, less its charge."""
    share: np.ndarray
    """(M,): how much of it the best cache holds, models divisible."""
    steps: np.ndarray
    """(K, M): steps that its requests take, if it is held."""
    band: np.ndarray
    """(K, M): what they take more of the band, if it is held."""
    cloud_band: np.ndarray
    """(K,): what all requests take of the band by way of the cloud."""
    cloud_cost: np.ndarray
    """(1,): what they cost then, the band paid for."""
    never: np.ndarray
    """(R,): shares of requests that are never late, from the last call."""
    always: np.ndarray
    """(R,): and of those that always are."""


@kernel
def answers_for(demands: Demands, slots: int, models: int) -> Answers:
    """Empty arrays."""
    requests = len(demands.slot)
    return Answers(
        np.zeros(models),
        np.zeros(models),
        np.zeros((slots, models)),
        np.zeros((slots, models)),
        np.zeros(slots),
        np.zeros(1),
        np.full(requests, 0.1),
        np.full(requests, 0.1),
    )


@kernel
def priced(demands: Demands, holding: Holding, steps: np.ndarray, band: np.ndarray, answers: Answers) -> float:
    """A lower bound on the frame's cost, charges included, at prices of steps (K,) and band (K,); fills ``answers``."""
    slot, model = demands.slot, demands.model
    worth, share, answer_steps, answer_band = answers.worth, answers.share, answers.steps, answers.band
    worth[:] = -holding.charge
    answer_steps[:] = 0.0
    answer_band[:] = 0.0
    answers.cloud_band[:] = 0.0
    total, room = 0.0, holding.room
    for r in range(len(slot)):
        k, m = slot[r], model[r]
        cloud, cloud_band, edge, edge_band, edge_steps = served(
            demands, answers.never, answers.always, r, steps[k], band[k]
        )
        total += cloud
        worth[m] += cloud - edge
        answer_steps[k, m] += edge_steps
        answer_band[k, m] += edge_band - cloud_band
        answers.cloud_band[k] += cloud_band
    answers.cloud_cost[0] = total
    value = total - demands.budget * steps.sum() - band.sum()
    share[:] = 0.0
    for m in np.argsort(-worth / holding.size, kind="mergesort"):
        if worth[m] <= 0.0 or room <= 0.0:
            break
        if holding.size[m] <= holding.room:
            share[m] = min(1.0, room / holding.size[m])
            value -= share[m] * worth[m]
            room -= holding.size[m]
    return value


@kernel
def raise_prices(
    demands: Demands,
    holding: Holding,
    steps: np.ndarray,
    band: np.ndarray,
    upper: float,
    turns: int,
    answers: Answers,
) -> float:
    """Improve prices of steps (K,) and band (K,) in place; return the bound at them and fill ``answers``.

    As :func:`solvers.frame.step_prices.raise_prices`; each kind of price moves in proportion to its size.
    """
    slots = len(steps)
    now, scale = np.concatenate((steps, band)), np.empty(2 * slots)
    slope, direction = np.zeros(2 * slots), np.zeros(2 * slots)
    best, stride, idle = -math.inf, 1.0, 0
    for _ in range(turns + 1):
        value = priced(demands, holding, now[:slots], now[slots:], answers)
        idle = 0 if value > best + LEAST_GAIN * abs(best) else idle + 1
        if value > best:
            best = value
            steps[:] = now[:slots]
            band[:] = now[slots:]
        if best >= upper or stride < SHORTEST_STRIDE:
            break
        if idle >= PATIENCE:
            stride, idle = 0.5 * stride, 0
            now[:slots], now[slots:] = steps, band
            direction[:] = 0.0
            continue
        scale[:slots] = max(steps.mean(), 1e-6)
        scale[slots:] = now[slots:]
        steepness = 0.0
        for i in range(2 * slots):
            k = i % slots
            if i < slots:
                slope[i] = (answers.steps[k] * answers.share).sum() - demands.budget
            else:
                slope[i] = (answers.band[k] * answers.share).sum() + answers.cloud_band[k] - 1.0
            direction[i] = scale[i] * slope[i] + MOMENTUM * direction[i]
            if i < slots and now[i] <= 0.0 and direction[i] < 0.0:
                direction[i] = 0.0
            steepness += direction[i] ** 2
        if steepness == 0.0:
            break
        length = stride * (upper - value) / steepness
        for i in range(2 * slots):
            moved = now[i] + length * scale[i] * direction[i]
            now[i] = max(moved, 0.0 if i < slots else MOST_FALL * now[i])
    return priced(demands, holding, steps, band, answers)
