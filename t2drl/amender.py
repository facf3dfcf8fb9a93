"""From an actor's raw action to a feasible allocation.

A raw action has four numbers in [-1, 1] a user. The first makes a softmax of the bandwidth. The others queue
for the steps: by priority, everybody takes as large a share of the most steps of use to the user as it wants, if
so many are left; whoever finds less than the least share it accepts goes to the cloud and leaves them to those
behind. Where budgets are not coupled an optimum looks just like that: at most one user has other
steps than a corner of its cost curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from t2drl.environment import SlotBatch

ACTION = 4
"""Numbers a user."""
BANDWIDTH_TEMPERATURE = 2.0
"""Logits are the raw action times this: shares within a slot differ by up to a factor of e^4."""
SHARPNESS = 4.0
"""Of the logistic curve in the priority that stands for the queue where gradients pass."""
WANTED, WANTED_SCALE = 0.8, 0.8
"""A user wants this much, plus the raw action times the other, between 0 and 1: so that at first it wants nearly all."""
LEAST, LEAST_SCALE = 0.5, 0.65
"""The least it accepts, likewise, but not bounded: below 0 is anything, above 1 nothing."""
REFUSAL_SHARPNESS = 8.0
"""Of the logistic curve that stands for the edge between acceptance and refusal."""


@dataclass(frozen=True, eq=False)
class Amended:
    """A feasible allocation, and the view of it through which gradients pass."""

    bandwidth: Tensor
    """(B, N) shares; 0 where idle."""
    steps: Tensor
    """(B, N) whole numbers in the raw action's precision."""
    served: Tensor
    """(B, N) in [0, 1]: steps as a share of the most of use."""
    at_edge: Tensor
    """(B, N) 0 or 1: whether the edge serves."""


def amend(raw: Tensor, batch: SlotBatch) -> Amended:
    """The allocation of raw actions (B, N, 4), in their precision.

    Going forward it is exact. Going backward the queue is a logistic curve around the priority of the first
    who found too little, and who moves up moves others down. Both the share and the being served change with it, which
    makes the slope that of the chord between the cloud and full service: on the way between them costs first rise.
    """
    bandwidth = softmax_shares(raw[..., 0], batch.active)
    priority, least = raw[..., 1], LEAST + LEAST_SCALE * raw[..., 3]
    wanted = (WANTED + WANTED_SCALE * raw[..., 2]).clamp(0.0, 1.0)
    with torch.no_grad():
        fewest, most = batch.fewest_steps.to(raw.dtype), batch.most_steps.to(raw.dtype)
        taken, offered, last = queue(priority, wanted, least, fewest, most, batch.system.step_budget)
        accepted = (taken > 0).to(raw.dtype)
        scale = most.clamp(min=1.0)
    move = moving_up(priority, last, most)
    refusal = refusing(offered / scale, least)
    served = straight_through(taken / scale, move + accepted * wanted + (offered / scale) * refusal)
    at_edge = straight_through(accepted, move + refusal)
    forced = fewest > 0
    return Amended(bandwidth, taken, served, torch.where(forced, 1.0, at_edge))


def straight_through(value: Tensor, surrogate: Tensor) -> Tensor:
    """``value``, with the gradient of ``surrogate``."""
    return value + (surrogate - surrogate.detach())


def softmax_shares(raw: Tensor, active: Tensor) -> Tensor:
    """(B, N): positive shares of the active users, which sum to 1 in every row that has any."""
    logits = torch.where(active, BANDWIDTH_TEMPERATURE * raw, -torch.inf)
    top = logits.max(dim=1, keepdim=True).values
    weight = torch.exp(logits - torch.where(active.any(dim=1, keepdim=True), top, 0.0))
    return weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-30)


def queue(
    priority: Tensor, wanted: Tensor, least: Tensor, fewest: Tensor, most: Tensor, budget: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Whole steps taken (B, N), those offered (B, N), and the priority (B, 1) of the first who found too little.

    That is -inf where everybody found enough. Who cannot be served has ``most`` 0. With a forced edge ``fewest`` is
    set aside for everybody beforehand.
    """
    order = priority.argsort(dim=1, descending=True)
    goal = torch.maximum((wanted * most).round(), fewest).gather(1, order)
    floor, bar = fewest.gather(1, order), (least * most).gather(1, order)
    left = budget - fewest.sum(dim=1)
    offers, takes = [], []
    for n in range(priority.shape[1]):
        offer = torch.minimum(goal[:, n], floor[:, n] + left)
        take = torch.where((offer >= bar[:, n]) | (floor[:, n] > 0), offer, 0.0)
        left = left - (take - floor[:, n])
        offers.append(offer)
        takes.append(take)
    offered, taken = torch.stack(offers, dim=1), torch.stack(takes, dim=1)
    short = offered < goal
    first = short.to(torch.uint8).argmax(dim=1, keepdim=True)
    last = torch.where(short.any(dim=1, keepdim=True), priority.gather(1, order).gather(1, first), -torch.inf)
    back = order.argsort(dim=1)
    return taken.gather(1, back), offered.gather(1, back), last


def moving_up(priority: Tensor, last: Tensor, most: Tensor) -> Tensor:
    """(B, N): something whose slopes are those of a logistic curve around ``last``, with the budget kept."""
    with torch.no_grad():
        logistic = torch.sigmoid(SHARPNESS * (priority - last))
        slope = torch.where(torch.isfinite(last), SHARPNESS * logistic * (1.0 - logistic), 0.0)
        weight = most * slope
        weight = weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return slope * (priority - (weight * priority).sum(dim=1, keepdim=True))


def refusing(offered: Tensor, least: Tensor) -> Tensor:
    """(B, N): something whose slope in ``least`` is that of a logistic curve around ``offered``."""
    with torch.no_grad():
        logistic = torch.sigmoid(REFUSAL_SHARPNESS * (offered - least))
        slope = REFUSAL_SHARPNESS * logistic * (1.0 - logistic)
    return -slope * least
