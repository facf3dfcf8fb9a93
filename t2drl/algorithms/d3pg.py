"""The allocator: a deterministic policy gradient whose actor may be a diffusion chain (D3PG).

DDPG (Lillicrap et al., Continuous control with deep reinforcement learning, 2016); with a reverse diffusion
as the actor it is D3PG. The critic takes the amended action, and its gradient passes through the amender and
the whole chain. No denoising loss. Everywhere B is slots, N users and A = 5 the numbers of a raw action.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from t2drl.algorithms.amender import RAW_ACTION, AmendedAction, amend
from t2drl.algorithms.diffusion import DeterministicActor, DirectChain, NoiseChain
from t2drl.algorithms.networks import FlatActor, FlatCritic, SetActor, SetCritic
from t2drl.algorithms.optimiser import descend, polyak_update
from t2drl.settings import Settings
from t2drl.world.device import CPU
from t2drl.world.slot_observation import USER_OBSERVATION
from t2drl.world.slots import SlotBatch

Actor = DeterministicActor | DirectChain | NoiseChain
Critic = SetCritic | FlatCritic
Amender = Callable[[Tensor, SlotBatch], Tensor]
"""From raw actions (B, N, A) in slots to the features (B, N, 4) of the amended ones."""
LEAST_SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class NextSlots:
    """The B slots that came next, under the same caches."""

    slots: SlotBatch
    observation: Tensor
    """(B, N, 13)."""
    done: Tensor
    """(B,) 1 where the frame was over, so that the slot is none of it, else 0."""


@dataclass(frozen=True, eq=False)
class Transitions:
    """B slots, what was done in them, and what came of it."""

    slots: SlotBatch
    observation: Tensor
    """(B, N, 13)."""
    action: Tensor
    """(B, N, 4) features of the amended action."""
    reward: Tensor
    """(B, N): the standardised cost that every request was spared; a slot's reward is their mean."""
    next: NextSlots | None
    """None where the discount is 0."""


class Learner:
    """Actor and critic with their target networks and optimisers."""

    def __init__(self, settings: Settings, actor: Actor, critic: Critic, amender: Amender) -> None:
        self.settings = settings
        self.actor, self.critic, self.amender = actor, critic, amender
        self.target_actor = copy.deepcopy(self.actor).requires_grad_(False)
        self.target_critic = copy.deepcopy(self.critic).requires_grad_(False)
        self.actor_optimiser = torch.optim.Adam(self.actor.parameters(), lr=settings.actor_lr, fused=True)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), lr=settings.critic_lr, fused=True)


def update(learner: Learner, batch: Transitions, noise: Tensor, next_noise: Tensor | None) -> None:
    """One step of the critic towards the observed returns, then one of the actor up the critic.

    ``noise`` and ``next_noise`` (max(1, chain), B, N, A) are the standard normal numbers from which a chain starts and
    goes on, in these slots and in the next; the latter is None where ``batch.next`` is.
    """
    settings, slots, following = learner.settings, batch.slots, batch.next

    weight, target = _weight(slots.active, settings), _parts(batch.reward, slots.active, settings)
    if following is not None:
        with torch.no_grad():
            raw = learner.target_actor(following.observation, following.slots.active, next_noise)
            action = learner.amender(raw, following.slots)
            value = learner.target_critic.parts(following.observation, action)
            value = _weight(following.slots.active, settings) * value
            target = target + settings.discount * (1.0 - following.done)[:, None] * value
    error = learner.critic.parts(batch.observation, batch.action) - target
    critic_loss = (weight * error * error).sum() / weight.sum().clamp(min=1.0)
    descend(learner.critic_optimiser, learner.critic, critic_loss, settings.clip)

    learner.critic.requires_grad_(False)
    raw = learner.actor(batch.observation, slots.active, noise)
    actor_loss = -learner.critic(batch.observation, slots.active, learner.amender(raw, slots)).mean()
    descend(learner.actor_optimiser, learner.actor, actor_loss, settings.clip)
    learner.critic.requires_grad_(True)

    polyak_update(learner.target_actor, learner.actor, settings.polyak)
    if following is not None:
        polyak_update(learner.target_critic, learner.critic, settings.polyak)


def _weight(active: Tensor, settings: Settings) -> Tensor:
    """(B, N) or (B, 1): 1 for a part of a slot's value that counts, 0 for that of an idle user."""
    return active.float() if settings.networks == "set" else torch.ones_like(active[:, :1], dtype=torch.float)


def _parts(reward: Tensor, active: Tensor, settings: Settings) -> Tensor:
    """(B, N) or (B, 1): the reward of every request by itself, or of the slot as a whole, as the critic has parts."""
    if settings.networks == "set":
        return reward
    return (reward * active).sum(dim=1, keepdim=True) / active.shape[1]


def make_learner(settings: Settings, users: int, device: torch.device = CPU) -> Learner:
    """The learner that the settings ask for, for slots of so many users."""
    actor, critic = make_actor(settings, users).to(device), make_critic(settings, users).to(device)
    return Learner(settings, actor, critic, amended_features)


def make_actor(settings: Settings, users: int) -> Actor:
    """The actor that the settings ask for."""
    inputs = USER_OBSERVATION + (0 if settings.algorithm == "ddpg" else RAW_ACTION + 1)
    body: nn.Module = (
        SetActor(inputs, RAW_ACTION, settings.width)
        if settings.networks == "set"
        else FlatActor(users, inputs, RAW_ACTION, settings.width)
    )
    if settings.algorithm == "ddpg":
        return DeterministicActor(body)
    if settings.prediction == "noise":
        return NoiseChain(body, settings.chain)
    return DirectChain(body, settings.chain)


def make_critic(settings: Settings, users: int) -> Critic:
    """The critic that the settings ask for."""
    if settings.networks == "set":
        return SetCritic(USER_OBSERVATION, settings.width)
    return FlatCritic(users, USER_OBSERVATION, settings.width)


def amended_features(raw: Tensor, batch: SlotBatch) -> Tensor:
    """(B, N, 4): the features of raw actions (B, N, A), amended."""
    return action_features(amend(raw, batch), batch)


def action_features(action: AmendedAction, batch: SlotBatch) -> Tensor:
    """(B, N, 4): an amended action as critics take it.

    The logarithm of the bandwidth over an equal share (0 where idle), the share of steps served, whether the edge
    serves, and the quality.
    """
    users = batch.active.sum(dim=1, keepdim=True)
    ratio = torch.log((action.bandwidth * users).clamp(min=LEAST_SHARE))
    ratio = torch.where(batch.active, ratio, 0.0)
    return torch.stack([ratio, action.served, action.at_edge, action.quality], dim=-1)
