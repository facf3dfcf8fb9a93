"""The caching agent: a double DQN over the feasible caches.

Double Q-learning (van Hasselt, Guez and Silver, Deep reinforcement learning with double Q-learning, 2016) with a
replay buffer and a target network that moves slowly. Actions are the feasible caches, listed once, so that no
penalty is needed. The network shares its layers among models: the value of a cache is a function of the sum of what
its models are. Everywhere B is frames, M models and F feasible caches.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from t2drl.algorithms.networks import layers
from t2drl.algorithms.optimiser import descend, polyak_update
from t2drl.settings import Settings
from t2drl.world.device import CPU
from t2drl.world.frame_observation import FrameObservation


@dataclass(frozen=True, eq=False)
class Transitions:
    """B frames, the cache chosen, and what came of it."""

    observation: FrameObservation
    action: Tensor
    """(B,) int: the number of the cache."""
    reward: Tensor
    """(B,): the mean of the frame's standardised rewards of slots, less the price of loading in their unit."""
    next_observation: FrameObservation
    done: Tensor
    """(B,): 1 where the trace ends with the frame, else 0."""
    caches: Tensor
    """(F, M) float: the feasible caches."""


class SetQNetwork(nn.Module):
    """Q of every cache: models go through one network, a cache is the sum of its models."""

    def __init__(self, common: int, each: int, width: int) -> None:
        """``common`` numbers a frame, ``each`` a model."""
        super().__init__()
        self.encode = layers([common + each, width, width, width])
        self.common = nn.Linear(common, width)
        self.value = layers([width, width, 1])
        self.sum = nn.Linear(width, 1)

    def forward(self, observation: FrameObservation, caches: Tensor) -> Tensor:
        """(B, F): Q of caches (F, M) or, frame by frame, (B, F, M) float."""
        count, models = observation.models.shape[:2]
        catalogue = observation.catalogue.expand(count, models, -1)
        common = observation.common[:, None].expand(count, models, -1)
        each = self.encode(torch.cat([catalogue, common, observation.models], dim=-1))
        cache = caches @ each
        mixed = torch.relu(cache + self.common(observation.common)[:, None])
        return (self.sum(cache) + self.value(mixed))[..., 0]


class FlatQNetwork(nn.Module):
    """Three fully connected hidden layers and an output a cache: the paper's configuration."""

    def __init__(self, common: int, changing: int, caches: int, width: int) -> None:
        """``common`` numbers a frame, ``changing`` of all models together; ``caches`` outputs."""
        super().__init__()
        self.body = layers([common + changing, width, width, width, caches])

    def forward(self, observation: FrameObservation, caches: Tensor) -> Tensor:
        """(B, F): Q of all feasible caches, which it knows by number: ``caches`` is not looked at."""
        return self.body(torch.cat([observation.common, observation.models.flatten(1)], dim=-1))


class Learner:
    """The Q-network with its target network and optimiser."""

    def __init__(self, settings: Settings, shapes: FrameObservation, caches: int, device: torch.device = CPU) -> None:
        """``shapes`` is any observation; ``caches`` F are feasible, which only a flat network must know."""
        self.settings = settings
        self.network = make_network(settings, shapes, caches).to(device)
        self.target = copy.deepcopy(self.network).requires_grad_(False)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=settings.cache_lr, fused=True)


def update(learner: Learner, batch: Transitions, discount: float) -> None:
    """One step towards r + discount (1 - done) Q'(s', argmax_a Q(s', a)), of which discount 0 leaves r."""
    settings = learner.settings
    target = batch.reward
    if discount > 0:
        with torch.no_grad():
            best = learner.network(batch.next_observation, batch.caches).argmax(dim=1, keepdim=True)
            value = learner.target(batch.next_observation, batch.caches).gather(1, best)[:, 0]
            target = batch.reward + discount * (1.0 - batch.done) * value

    error = q_of_actions(learner, batch) - target
    loss: Tensor = nn.functional.smooth_l1_loss(error, torch.zeros_like(error))
    descend(learner.optimiser, learner.network, loss, settings.clip)

    polyak_update(learner.target, learner.network, settings.cache_polyak)


def q_of_actions(learner: Learner, batch: Transitions) -> Tensor:
    """(B,): Q of the caches that were chosen."""
    if isinstance(learner.network, SetQNetwork):
        return learner.network(batch.observation, batch.caches[batch.action][:, None])[:, 0]
    return learner.network(batch.observation, batch.caches).gather(1, batch.action[:, None])[:, 0]


def make_network(settings: Settings, shapes: FrameObservation, caches: int) -> SetQNetwork | FlatQNetwork:
    """The network that the settings ask for, for observations of these shapes and so many feasible caches."""
    common, (_, models, changing) = shapes.common.shape[1], shapes.models.shape
    if settings.networks == "set":
        return SetQNetwork(common, shapes.catalogue.shape[1] + changing, settings.cache_width)
    return FlatQNetwork(common, models * changing, caches, settings.cache_width)
