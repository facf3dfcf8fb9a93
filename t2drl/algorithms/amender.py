"""From an actor's raw action to a feasible allocation.

A raw action has five numbers in [-1, 1] a user. The first makes a softmax of the bandwidth. The others queue
for the steps: by priority, everybody takes as large a share of the most steps of use to it as it wants, if
so many are left. Whoever finds less than the least share it accepts leaves them to those behind, and is
served with a single step or by the cloud, as it prefers. Where budgets are not coupled an optimum looks
just like that: at most one user has other steps than a corner of its cost curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from t2drl.world.slots import SlotBatch

RAW_ACTION = 5
"""Numbers a user: bandwidth, priority, share wanted, least share accepted, a single step rather than the cloud."""
BANDWIDTH_TEMPERATURE = 2.0
"""Logits are the raw action times this: shares within a slot differ by up to a factor of e^4."""
WANTED, WANTED_SCALE = 0.8, 0.8
"""A user wants this much plus the raw action times the other, between 0 and 1: at first nearly all."""
LEAST, LEAST_SCALE = 0.5, 0.65
"""The least it accepts, likewise, but not bounded: below 0 is anything, above 1 nothing."""
STEEPEST = 10.0
"""The greatest slope of the quality in the share served."""
QUEUE_SHARPNESS = 4.0
"""Of the logistic curve in the priority that stands for the queue where gradients pass."""
ACCEPTANCE_SHARPNESS = 8.0
"""Of the logistic curve that stands for the edge between acceptance and refusal."""
PREFERENCE_SHARPNESS = 4.0
"""Of the logistic curve that stands for the choice between a single step and the cloud."""


@dataclass(frozen=True, eq=False)
class AmendedAction:
    """A feasible allocation, and what of it gradients pass through."""

    bandwidth: Tensor
    """(B, N) shares; 0 where idle."""
    steps: Tensor
    """(B, N) whole numbers in the raw action's precision."""
    served: Tensor
    """(B, N) in [0, 1]: steps as a share of the most of use."""
    at_edge: Tensor
    """(B, N) 0 or 1: whether the edge serves."""
    quality: Tensor
    """(B, N) in [0, 1]: 0 at the worst quality, up to ``steps_low`` steps; 1 at the best, from the most of use on."""


def amend(raw: Tensor, batch: SlotBatch) -> AmendedAction:
    """The allocation of raw actions (B, N, 5), in their precision.

    Going forward it is exact. Going backward the queue is a logistic curve around the priority of the first
    who found too little, and who moves up moves others down. All that being served changes then changes at once, which
    makes the slope that of the chord between no service and full service: on the way between them costs first rise.
    What a user wants and what it falls back on have their slopes whether they come to bear or not, also outside the
    bounds and below ``steps_low``: otherwise whoever is refused, or accepts whatever it gets, would stay so whatever
    the critic estimates. Whom the edge cannot serve has no slopes in its steps, of which the critic has seen nothing.
    """
    bandwidth = softmax_shares(raw[..., 0], batch.active)
    priority, least = raw[..., 1], LEAST + LEAST_SCALE * raw[..., 3]
    wanted = (WANTED + WANTED_SCALE * raw[..., 2]).clamp(0.0, 1.0)
    with torch.no_grad():
        most = batch.most_steps.to(raw.dtype)
        forced = batch.fewest_steps > 0
        single = ((raw[..., 4] > 0) & (most > 0) | forced).to(raw.dtype)
        steps, offered, last = queue(priority, wanted, least, single, most, batch.system.step_budget)
        at_edge = (steps > 0).to(raw.dtype)
        scale = most.clamp(min=1.0)
        served = steps / scale
        slope = most / (most - batch.steps_low.to(raw.dtype)).clamp(min=1e-6)
        slope = slope.clamp(max=STEEPEST)
        quality = torch.where(most > 0, quality_at(served, slope), 0.0)
    if not torch.is_grad_enabled():
        return AmendedAction(bandwidth, steps, served, at_edge, quality)
    possible, servable = offered / scale, (most > 0).to(raw.dtype)
    moved_up = servable * queue_surrogate(priority, last, most)
    accepted = servable * acceptance_surrogate(possible, least)
    preferred = torch.where(forced, 0.0, servable * preference_surrogate(raw[..., 4]))
    wanted_more = servable * WANTED_SCALE * raw[..., 2]
    to_cloud = torch.where(forced, 0.0, 1.0 - single)  # 1 where it is the cloud that refusing leads to
    return AmendedAction(
        bandwidth,
        steps,
        served=straight_through(served, moved_up + wanted_more + possible * accepted + preferred / scale),
        at_edge=straight_through(at_edge, to_cloud * (moved_up + accepted) + preferred),
        quality=straight_through(quality, moved_up + slope * wanted_more + quality_at(possible, slope) * accepted),
    )


def softmax_shares(raw: Tensor, active: Tensor) -> Tensor:
    """(B, N): positive shares of the active users, which sum to 1 in every row that has any."""
    logits = torch.where(active, BANDWIDTH_TEMPERATURE * raw, -torch.inf)
    top = logits.max(dim=1, keepdim=True).values
    weight = torch.exp(logits - torch.where(active.any(dim=1, keepdim=True), top, 0.0))
    return weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-30)


def queue(
    priority: Tensor, wanted: Tensor, least: Tensor, single: Tensor, most: Tensor, budget: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Whole steps taken (B, N), those offered (B, N), and the priority (B, 1) of the first who found too little.

    That is -inf where everybody found enough. ``wanted`` and ``least`` (B, N) are shares of ``most`` (B, N), which is 0
    for whom the edge cannot serve. A step is set aside beforehand for everybody whose ``single`` (B, N) is 1, as far as
    the ``budget`` goes.
    """
    order = priority.argsort(dim=1, descending=True)
    goal, bar = (wanted * most).round().gather(1, order), (least * most).gather(1, order)
    floor = single.gather(1, order)
    floor = floor * (floor.cumsum(dim=1) <= budget)
    goal = torch.maximum(goal, floor)
    left = budget - floor.sum(dim=1)
    offers, takes = [], []
    for n in range(priority.shape[1]):
        offer = torch.minimum(goal[:, n], floor[:, n] + left)
        take = torch.where(offer >= bar[:, n], offer, floor[:, n])
        left = left - (take - floor[:, n])
        offers.append(offer)
        takes.append(take)
    offered, taken = torch.stack(offers, dim=1), torch.stack(takes, dim=1)
    short = offered < goal
    first = short.to(torch.uint8).argmax(dim=1, keepdim=True)
    last = torch.where(short.any(dim=1, keepdim=True), priority.gather(1, order).gather(1, first), -torch.inf)
    back = order.argsort(dim=1)
    return taken.gather(1, back), offered.gather(1, back), last


def quality_at(served: Tensor, slope: Tensor) -> Tensor:
    """(B, N) in [0, 1]: the quality at a share of the most steps of use, with its slope in between."""
    return (1.0 + (served - 1.0) * slope).clamp(0.0, 1.0)


def straight_through(value: Tensor, surrogate: Tensor) -> Tensor:
    """``value``, with the gradient of ``surrogate``."""
    return value + (surrogate - surrogate.detach())


def queue_surrogate(priority: Tensor, last: Tensor, most: Tensor) -> Tensor:
    """(B, N): has the slopes of a logistic curve around ``last`` in the priorities, with the budget kept."""
    with torch.no_grad():
        slope = torch.where(torch.isfinite(last), logistic_slope(priority - last, QUEUE_SHARPNESS), 0.0)
        weight = most * slope
        weight = weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return slope * (priority - (weight * priority).sum(dim=1, keepdim=True))


def acceptance_surrogate(offered: Tensor, least: Tensor) -> Tensor:
    """(B, N): has the slope in ``least`` of a falling logistic curve around the share ``offered``."""
    return -logistic_slope(offered - least, ACCEPTANCE_SHARPNESS) * least


def preference_surrogate(preference: Tensor) -> Tensor:
    """(B, N): has the slope of a logistic curve around a preference of 0."""
    return logistic_slope(preference, PREFERENCE_SHARPNESS) * preference


def logistic_slope(x: Tensor, sharpness: float) -> Tensor:
    """The derivative at x of a logistic curve of this sharpness around 0, through which no gradient passes."""
    with torch.no_grad():
        logistic = torch.sigmoid(sharpness * x)
        return sharpness * logistic * (1.0 - logistic)
