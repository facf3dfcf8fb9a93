"""From an actor's raw action to a feasible allocation.

A raw action has three numbers in [-1, 1] a user. The first makes a softmax of the bandwidth. The second
asks for a share of the most steps of use to the user, and a Euclidean projection keeps the budget: all askings
are lowered by the same amount, what falls below nothing is nothing, and what stays above one is full service.
The third is the least share that the user accepts: whoever gets less goes to the cloud instead, and
what that frees is shared again among the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from t2drl.environment import SlotBatch

ACTION = 3
"""Numbers a user."""
BANDWIDTH_TEMPERATURE = 2.0
"""Logits are the raw action times this: shares within a slot differ by up to a factor of e^4."""
STEP_SCALE = 3.0
"""A user asks for 1 + this times the raw action; 0 is no steps, 1 the most of use."""
SLOPE = 2.0
"""Of the relaxation through which gradients pass: a logistic curve in place of the projection's kinks."""
REFUSAL_SLOPE = 8.0
"""The same for the edge between acceptance and refusal."""
SNAP = 1e-4
"""A fractional number of steps this close below a whole one counts as that."""


@dataclass(frozen=True, eq=False)
class Amended:
    """An allocation that is feasible but for whole steps, and the view of it through which gradients pass."""

    bandwidth: Tensor
    """(B, N) shares; 0 where idle."""
    steps: Tensor
    """(B, N) fractional; 0 where the edge does not serve. Without gradient."""
    served: Tensor
    """(B, N) in [0, 1]: steps as a share of the most of use."""
    at_edge: Tensor
    """(B, N) 0 or 1: whether the edge serves."""


def amend(raw: Tensor, batch: SlotBatch) -> Amended:
    """The allocation of raw actions (B, N, 3), in their precision."""
    bandwidth = softmax_shares(raw[..., 0], batch.active)
    asking, least = 1.0 + STEP_SCALE * raw[..., 1], 0.5 * (1.0 + raw[..., 2])
    with torch.no_grad():
        fewest, most = batch.fewest_steps.to(raw.dtype), batch.most_steps.to(raw.dtype)
        room = most - fewest
        spare = batch.system.step_budget - fewest.sum(dim=1, keepdim=True)
        offered = (asking - projection_price(asking, room, spare)).clamp(0.0, 1.0)
        refused = (offered < least) & (fewest == 0)
        room = torch.where(refused, 0.0, room)
        tau = projection_price(asking, room, spare)
        share = (asking - tau).clamp(0.0, 1.0)
        accepted = (most > 0) & ~refused & (share >= least) & (room * share > 0) | (fewest > 0)
        steps = torch.where(accepted, fewest + room * share, 0.0)
    pull = share_surrogate(asking, tau, room)
    refusal = refusal_surrogate(offered, least)
    served = straight_through(steps / most.clamp(min=1.0), pull + offered * refusal)
    at_edge = straight_through(accepted.to(raw.dtype), pull + refusal)
    forced = fewest > 0
    return Amended(bandwidth, steps, served, torch.where(forced, 1.0, at_edge))


def straight_through(value: Tensor, surrogate: Tensor) -> Tensor:
    """``value``, with the gradient of ``surrogate``."""
    return value + (surrogate - surrogate.detach())


def softmax_shares(raw: Tensor, active: Tensor) -> Tensor:
    """(B, N): positive shares of the active users, which sum to 1 in every row that has any."""
    logits = torch.where(active, BANDWIDTH_TEMPERATURE * raw, -torch.inf)
    top = logits.max(dim=1, keepdim=True).values
    weight = torch.exp(logits - torch.where(active.any(dim=1, keepdim=True), top, 0.0))
    return weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-30)


def projection_price(asking: Tensor, room: Tensor, spare: Tensor) -> Tensor:
    """(B, 1): the least tau >= 0 with sum_n room_n clip(asking_n - tau, 0, 1) <= spare; exact.

    The sum is piecewise linear in tau: going down from the greatest asking, a user's slope begins at
    its asking and ends one below. ``spare`` (B, 1) >= 0.
    """
    bends = torch.cat([asking, asking - 1.0], dim=1)
    bends, order = bends.sort(dim=1, descending=True)
    slope = torch.cat([room, -room], dim=1).gather(1, order).cumsum(dim=1)
    falls = (bends[:, :-1] - bends[:, 1:]) * slope[:, :-1]
    total = torch.cat([torch.zeros_like(spare), falls.cumsum(dim=1)], dim=1)
    segment = (total <= spare).sum(dim=1, keepdim=True).clamp(max=bends.shape[1]) - 1
    left, rate = spare - total.gather(1, segment), slope.gather(1, segment)
    tau = bends.gather(1, segment) - torch.where(rate > 0, left / rate.clamp(min=1e-30), torch.inf)
    return tau.clamp(min=0.0)


def share_surrogate(asking: Tensor, tau: Tensor, room: Tensor) -> Tensor:
    """(B, N): something whose slopes are those of a logistic projection, with the budget kept where it binds.

    The projection's own derivative is zero at its vertices, where optima lie: who is served in full or not
    at all would never change.
    """
    with torch.no_grad():
        logistic = torch.sigmoid(2.0 * SLOPE * (asking - tau - 0.5))
        slope = 2.0 * SLOPE * logistic * (1.0 - logistic)
        weight = room * slope * (tau > 0)
        weight = weight / weight.sum(dim=1, keepdim=True).clamp(min=1e-30)
    return slope * (asking - (weight * asking).sum(dim=1, keepdim=True))


def refusal_surrogate(offered: Tensor, least: Tensor) -> Tensor:
    """(B, N): something whose slope in ``least`` is that of a logistic curve around ``offered``."""
    with torch.no_grad():
        logistic = torch.sigmoid(REFUSAL_SLOPE * (offered - least))
        slope = REFUSAL_SLOPE * logistic * (1.0 - logistic)
    return -slope * least


def whole_steps(steps: Tensor, batch: SlotBatch) -> Tensor:
    """(B, N) int: fractional steps rounded within the budget; what rounding down frees goes to the largest remainders.

    Keeps whole numbers, never exceeds ceil(steps), and gives no step to whom had none.
    """
    down = (steps + SNAP).floor()
    remainder = (steps - down).clamp(min=0.0)
    total = (steps.sum(dim=1, keepdim=True) + SNAP).floor().clamp(max=batch.system.step_budget)
    left = total - down.sum(dim=1, keepdim=True)
    rank = remainder.argsort(dim=1, descending=True).argsort(dim=1)
    more = (rank < left) & (remainder > SNAP)
    return (down + more).long()
