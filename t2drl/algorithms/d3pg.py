"""The allocator: a deterministic policy gradient whose actor may be a diffusion chain (D3PG).

DDPG (Lillicrap et al., Continuous control with deep reinforcement learning, 2016); with a reverse diffusion
as the actor it is D3PG. The critic sees the amended action, and its gradient passes through the amender and
the whole chain. No denoising loss.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from t2drl.algorithms.amender import ACTION, Amended, amend
from t2drl.algorithms.diffusion import DeterministicActor, DirectChain, NoiseChain
from t2drl.algorithms.networks import FlatActor, FlatCritic, SetActor, SetCritic
from t2drl.algorithms.optimiser import clip_gradients, follow
from t2drl.settings import Settings
from t2drl.world.device import CPU
from t2drl.world.features import USER_FEATURES
from t2drl.world.slots import SlotBatch

Actor = DeterministicActor | DirectChain | NoiseChain
Critic = SetCritic | FlatCritic
Act = Callable[[Tensor, SlotBatch], Tensor]
"""From raw actions in slots to what the critic sees of them."""
LEAST_SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class Transitions:
    """B slots, what was done in them, and the slots that came next."""

    slots: SlotBatch
    users: Tensor
    """(B, N, F) what networks see."""
    action: Tensor
    """(B, N, 4) as the critic sees it."""
    reward: Tensor
    """(B, N): what every request saved; a slot's reward is their mean."""
    next_slots: SlotBatch | None
    """None where the discount is 0."""
    next_users: Tensor | None
    goes_on: Tensor | None
    """(B,) 0 where a frame ends."""


class Allocator:
    """Actor and critic with their targets and optimisers."""

    def __init__(self, settings: Settings, actor: Actor, critic: Critic, act: Act) -> None:
        self.settings = settings
        self.actor, self.critic, self.act = actor, critic, act
        self.target_actor = copy.deepcopy(self.actor).requires_grad_(False)
        self.target_critic = copy.deepcopy(self.critic).requires_grad_(False)
        self.actor_optimiser = torch.optim.Adam(self.actor.parameters(), lr=settings.actor_lr, fused=True)
        self.critic_optimiser = torch.optim.Adam(self.critic.parameters(), lr=settings.critic_lr, fused=True)


def make_allocator(settings: Settings, users: int, device: torch.device = CPU) -> Allocator:
    """The learner that the settings ask for, for slots of so many users."""
    actor, critic = make_actor(settings, users).to(device), make_critic(settings, users).to(device)
    return Allocator(settings, actor, critic, acted)


def make_actor(settings: Settings, users: int) -> Actor:
    """The actor that the settings ask for."""
    inputs = USER_FEATURES + (0 if settings.algorithm == "ddpg" else ACTION + 1)
    body: nn.Module = (
        SetActor(inputs, ACTION, settings.width)
        if settings.networks == "set"
        else FlatActor(users, inputs, ACTION, settings.width)
    )
    if settings.algorithm == "ddpg":
        return DeterministicActor(body)
    if settings.prediction == "noise":
        return NoiseChain(body, settings.chain)
    return DirectChain(body, settings.chain)


def make_critic(settings: Settings, users: int) -> Critic:
    """The critic that the settings ask for."""
    if settings.networks == "set":
        return SetCritic(USER_FEATURES, settings.width)
    return FlatCritic(users, USER_FEATURES, settings.width)


def update(learner: Allocator, batch: Transitions, latent: Tensor, next_latent: Tensor | None) -> None:
    """One step of the critic towards the observed returns, then one of the actor up the critic.

    ``latent`` (chain, B, N, 2) is the noise from which the chain starts and goes on.
    """
    settings = learner.settings
    active = batch.slots.active

    weight, target = _weight(active, settings), _parts(batch.reward, active, settings)
    if batch.next_slots is not None and batch.next_users is not None and batch.goes_on is not None:
        with torch.no_grad():
            raw = learner.target_actor(batch.next_users, batch.next_slots.active, next_latent)
            ahead = learner.act(raw, batch.next_slots)
            value = _weight(batch.next_slots.active, settings) * learner.target_critic.each(batch.next_users, ahead)
            target = target + settings.discount * batch.goes_on[:, None] * value

    error = learner.critic.each(batch.users, batch.action) - target
    learner.critic_optimiser.zero_grad()
    torch.autograd.backward((weight * error * error).sum() / weight.sum().clamp(min=1.0))
    clip_gradients(learner.critic, settings.clip)
    learner.critic_optimiser.step()

    raw = learner.actor(batch.users, active, latent)
    action = learner.act(raw, batch.slots)
    learner.critic.requires_grad_(False)
    worth = learner.critic(batch.users, active, action).mean()
    learner.actor_optimiser.zero_grad()
    (-worth).backward()
    learner.critic.requires_grad_(True)
    clip_gradients(learner.actor, settings.clip)
    learner.actor_optimiser.step()

    follow(learner.target_actor, learner.actor, settings.polyak)
    if settings.discount > 0:
        follow(learner.target_critic, learner.critic, settings.polyak)


def _weight(active: Tensor, settings: Settings) -> Tensor:
    """(B, N) or (B, 1): 1 for a part of a slot's worth that counts, 0 for that of an idle user."""
    return active.float() if settings.networks == "set" else torch.ones_like(active[:, :1], dtype=torch.float)


def _parts(reward: Tensor, active: Tensor, settings: Settings) -> Tensor:
    """(B, N) or (B, 1): what the critic is to explain, every request for itself or the slot as a whole."""
    if settings.networks == "set":
        return reward
    return (reward * active).sum(dim=1, keepdim=True) / active.shape[1]


def acted(raw: Tensor, batch: SlotBatch) -> Tensor:
    """(B, N, 4): what the critic sees of raw actions (B, N, 5)."""
    return critic_view(amend(raw, batch), batch)


def critic_view(amended: Amended, batch: SlotBatch) -> Tensor:
    """(B, N, 4): an amended action, the bandwidth as the logarithm of what it is of an equal share."""
    users = batch.active.sum(dim=1, keepdim=True)
    ratio = torch.log((amended.bandwidth * users).clamp(min=LEAST_SHARE))
    ratio = torch.where(batch.active, ratio, 0.0)
    return torch.stack([ratio, amended.served, amended.at_edge, amended.climbed], dim=-1)
