"""The allocator's update: what the critic is drawn towards."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from problems.families.drawn import family_scenario
from t2drl.algorithms.d3pg import Allocator, Transitions, update
from t2drl.algorithms.optimiser import clip_gradients
from t2drl.settings import Settings, paper
from t2drl.training.loop import Training
from tests.t2drl.conftest import tiny_settings

TINY = {"width": 8, "cache_width": 8, "envs": 8, "batch": 16, "training_slots": 64, "replay": 500}


def played(settings: Settings) -> tuple[Allocator, Transitions, Tensor]:
    """A learner, slots with idle users that it has played, and noise for a chain."""
    scenario = family_scenario("small", 0)
    scenario = scenario.model_copy(update={"demand": scenario.demand.model_copy(update={"activity": 0.5})})
    training = Training((scenario,), settings, 1_000, seed=0)
    training.play_frame()
    (world,) = training.worlds
    return training.allocator, training._slot_sample(world), training._latent(settings.batch, world)


def critic_after(learner: Allocator, batch: Transitions, latent: Tensor) -> list[Tensor]:
    learner = copy.deepcopy(learner)
    # an optimiser's copy keeps to the parameters that it was made for
    learner.critic_optimiser = torch.optim.Adam(learner.critic.parameters(), lr=learner.settings.critic_lr, fused=True)
    learner.actor_optimiser = torch.optim.Adam(learner.actor.parameters(), lr=learner.settings.actor_lr, fused=True)
    update(learner, batch, latent, latent)
    return [parameter.detach() for parameter in learner.critic.parameters()]


def drawn_towards(learner: Allocator, batch: Transitions, target: Tensor, weight: Tensor) -> list[Tensor]:
    """The critic after a step of weighted least squares towards the target."""
    critic = copy.deepcopy(learner.critic)
    optimiser = torch.optim.Adam(critic.parameters(), lr=learner.settings.critic_lr, fused=True)
    error = critic.each(batch.users, batch.action) - target
    torch.autograd.backward((weight * error * error).sum() / weight.sum().clamp(min=1.0))
    clip_gradients(critic, learner.settings.clip)
    optimiser.step()
    return [parameter.detach() for parameter in critic.parameters()]


def equal(one: list[Tensor], other: list[Tensor]) -> bool:
    return all(map(torch.equal, one, other))


def test_without_discount_it_is_drawn_towards_what_every_request_saved() -> None:
    learner, batch, latent = played(tiny_settings(**TINY))
    assert not batch.slots.active.all()
    expected = drawn_towards(learner, batch, batch.reward, batch.slots.active.float())
    assert equal(critic_after(learner, batch, latent), expected)


def test_flat_networks_are_drawn_towards_a_slot_and_all_of_the_next() -> None:
    learner, batch, latent = played(paper(**TINY))
    assert batch.next_slots is not None
    assert batch.next_users is not None
    assert batch.goes_on is not None
    with torch.no_grad():
        raw = learner.target_actor(batch.next_users, batch.next_slots.active, latent)
        ahead = learner.target_critic.each(batch.next_users, learner.act(raw, batch.next_slots))
    saved = (batch.reward * batch.slots.active).sum(dim=1, keepdim=True) / batch.reward.shape[1]
    target = saved + learner.settings.discount * batch.goes_on[:, None] * ahead
    assert equal(critic_after(learner, batch, latent), drawn_towards(learner, batch, target, torch.ones_like(saved)))


@pytest.mark.parametrize("algorithm", ["d3pg", "ddpg"])
def test_who_is_idle_in_the_next_slot_is_worth_nothing_there(algorithm: str) -> None:
    learner, batch, latent = played(tiny_settings(**TINY, discount=0.9, algorithm=algorithm))
    assert batch.next_slots is not None
    assert batch.goes_on is not None
    idle = replace(batch.next_slots, active=torch.zeros_like(batch.next_slots.active))
    nobody = replace(batch, next_slots=idle, goes_on=torch.ones_like(batch.goes_on))
    nothing = replace(batch, goes_on=torch.zeros_like(batch.goes_on))
    assert equal(critic_after(learner, nobody, latent), critic_after(learner, nothing, latent))
    assert not equal(critic_after(learner, batch, latent), critic_after(learner, nothing, latent))
