"""The caching agent: a double DQN over the feasible caches.

Double Q-learning (van Hasselt, Guez and Silver, Deep reinforcement learning with double Q-learning, 2016) with
replay and a target network that follows slowly. Actions are the feasible caches, listed once, so that no
penalty is needed. The network shares its layers among models: a cache is worth a function of the sum of what its
models are.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from t2drl.algorithms.networks import layers
from t2drl.algorithms.optimiser import clip_gradients, follow
from t2drl.settings import Settings
from t2drl.world.device import CPU


@dataclass(frozen=True, eq=False)
class FrameBatch:
    """B frames as the agent sees them at their start."""

    common: Tensor
    """(B, G): the state if it is observed, and how near the end is."""
    models: Tensor
    """(B, M, H): what of each model changes from frame to frame, such as whether it is held now."""
    fixed: Tensor
    """(M, C): what of each model never changes."""


@dataclass(frozen=True, eq=False)
class FrameTransitions:
    """B frames, the cache chosen, and what came of it."""

    frames: FrameBatch
    action: Tensor
    """(B,) int: the number of the cache."""
    reward: Tensor
    """(B,)."""
    next_frames: FrameBatch
    goes_on: Tensor
    """(B,): 0 where the trace ends."""
    held: Tensor
    """(F, M) float: the feasible caches."""


class SetQ(nn.Module):
    """Q of every cache: models go through one network, a cache is the sum of its models."""

    def __init__(self, common: int, each: int, width: int) -> None:
        """``common`` numbers a frame, ``each`` a model."""
        super().__init__()
        self.encode = layers([common + each, width, width, width])
        self.common = nn.Linear(common, width)
        self.value = layers([width, width, 1])
        self.sum = nn.Linear(width, 1)

    def forward(self, frames: FrameBatch, held: Tensor) -> Tensor:
        """(B, F): the worth of caches (F, M) or, frame by frame, (B, F, M) float."""
        count, models = frames.models.shape[:2]
        fixed = frames.fixed.expand(count, models, -1)
        common = frames.common[:, None].expand(count, models, -1)
        each = self.encode(torch.cat([fixed, common, frames.models], dim=-1))
        cache = held @ each
        mixed = torch.relu(cache + self.common(frames.common)[:, None])
        return (self.sum(cache) + self.value(mixed))[..., 0]


class FlatQ(nn.Module):
    """Three fully connected hidden layers and an output a cache: the paper's configuration."""

    def __init__(self, common: int, changing: int, caches: int, width: int) -> None:
        """``changing`` numbers of all models together."""
        super().__init__()
        self.body = layers([common + changing, width, width, width, caches])

    def forward(self, frames: FrameBatch, held: Tensor) -> Tensor:
        """(B, F): the worth of all caches; of (B, 1, M) chosen ones nothing is known here."""
        return self.body(torch.cat([frames.common, frames.models.flatten(1)], dim=-1))


class Cacher:
    """The network with its target and optimiser."""

    def __init__(self, settings: Settings, shapes: FrameBatch, caches: int, device: torch.device = CPU) -> None:
        """``shapes`` is any batch; ``caches`` F are feasible, which only a flat network must know."""
        self.settings = settings
        self.network = make_network(settings, shapes, caches).to(device)
        self.target = copy.deepcopy(self.network).requires_grad_(False)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=settings.cache_lr, fused=True)


def make_network(settings: Settings, shapes: FrameBatch, caches: int) -> SetQ | FlatQ:
    """The network that the settings ask for, for batches of these shapes and so many feasible caches."""
    common, (_, models, changing) = shapes.common.shape[1], shapes.models.shape
    if settings.networks == "set":
        return SetQ(common, shapes.fixed.shape[1] + changing, settings.cache_width)
    return FlatQ(common, models * changing, caches, settings.cache_width)


def update(learner: Cacher, batch: FrameTransitions, discount: float) -> None:
    """One step towards r + discount Q'(s', argmax_a Q(s', a))."""
    target = batch.reward
    if discount > 0:
        with torch.no_grad():
            best = learner.network(batch.next_frames, batch.held).argmax(dim=1, keepdim=True)
            ahead = learner.target(batch.next_frames, batch.held).gather(1, best)[:, 0]
            target = batch.reward + discount * batch.goes_on * ahead

    error = chosen(learner, batch) - target
    learner.optimiser.zero_grad()
    loss: Tensor = nn.functional.smooth_l1_loss(error, torch.zeros_like(error))
    torch.autograd.backward(loss)
    clip_gradients(learner.network, learner.settings.clip)
    learner.optimiser.step()
    follow(learner.target, learner.network, learner.settings.cache_polyak)


def chosen(learner: Cacher, batch: FrameTransitions) -> Tensor:
    """(B,): the worth of the caches that were chosen."""
    if isinstance(learner.network, SetQ):
        return learner.network(batch.frames, batch.held[batch.action][:, None])[:, 0]
    return learner.network(batch.frames, batch.held).gather(1, batch.action[:, None])[:, 0]
