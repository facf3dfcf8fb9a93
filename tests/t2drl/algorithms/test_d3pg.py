"""The allocator's update: what the critic is drawn towards."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from problems.families.named import family_scenario
from t2drl.algorithms.d3pg import Learner, Transitions, update
from t2drl.algorithms.optimiser import descend
from t2drl.settings import Settings, paper
from t2drl.training.loop import Training
from tests.t2drl.trainings import TINIEST, tiny_settings


def played(settings: Settings) -> tuple[Learner, Transitions, Tensor]:
    """A learner, slots with idle users that it has played, and noise for a chain."""
    scenario = family_scenario("small", 0)
    scenario = scenario.model_copy(update={"demand": scenario.demand.model_copy(update={"activity": 0.5})})
    training = Training((scenario,), settings, 1_000, seed=0)
    training.play_frame()
    (experience,) = training.experience
    batch = experience.slot_transitions(settings.batch, settings.discount > 0, training.rng)
    return training.allocator, batch, training.chain_noise(settings.batch, experience)


def critic_after(learner: Learner, batch: Transitions, noise: Tensor) -> list[Tensor]:
    learner = copy.deepcopy(learner)
    # an optimiser's copy keeps to the parameters that it was made for
    learner.critic_optimiser = torch.optim.Adam(learner.critic.parameters(), lr=learner.settings.critic_lr, fused=True)
    learner.actor_optimiser = torch.optim.Adam(learner.actor.parameters(), lr=learner.settings.actor_lr, fused=True)
    update(learner, batch, noise, noise)
    return [parameter.detach() for parameter in learner.critic.parameters()]


def drawn_towards(learner: Learner, batch: Transitions, target: Tensor, weight: Tensor) -> list[Tensor]:
    """The critic after a step of weighted least squares towards the target."""
    critic = copy.deepcopy(learner.critic)
    optimiser = torch.optim.Adam(critic.parameters(), lr=learner.settings.critic_lr, fused=True)
    error = critic.parts(batch.observation, batch.action) - target
    loss = (weight * error * error).sum() / weight.sum().clamp(min=1.0)
    descend(optimiser, critic, loss, learner.settings.clip)
    return [parameter.detach() for parameter in critic.parameters()]


def equal(one: list[Tensor], other: list[Tensor]) -> bool:
    return all(map(torch.equal, one, other))


def test_without_discount_it_is_drawn_towards_what_every_request_was_spared() -> None:
    learner, batch, noise = played(tiny_settings(**TINIEST))
    assert not batch.slots.active.all()
    expected = drawn_towards(learner, batch, batch.reward, batch.slots.active.float())
    assert equal(critic_after(learner, batch, noise), expected)


def test_flat_networks_are_drawn_towards_a_slot_and_all_of_the_next() -> None:
    learner, batch, noise = played(paper(**TINIEST))
    following = batch.next
    assert following is not None
    assert 0 < following.done.sum() < len(following.done)
    with torch.no_grad():
        raw = learner.target_actor(following.observation, following.slots.active, noise)
        value = learner.target_critic.parts(following.observation, learner.amender(raw, following.slots))
    reward = (batch.reward * batch.slots.active).sum(dim=1, keepdim=True) / batch.reward.shape[1]
    target = reward + learner.settings.discount * (1.0 - following.done)[:, None] * value
    assert equal(critic_after(learner, batch, noise), drawn_towards(learner, batch, target, torch.ones_like(reward)))


@pytest.mark.parametrize("algorithm", ["d3pg", "ddpg"])
def test_who_is_idle_in_the_next_slot_is_worth_nothing_there(algorithm: str) -> None:
    learner, batch, noise = played(tiny_settings(**TINIEST, discount=0.9, algorithm=algorithm))
    following = batch.next
    assert following is not None
    idle = replace(following.slots, active=torch.zeros_like(following.slots.active))
    nobody = replace(batch, next=replace(following, slots=idle, done=torch.zeros_like(following.done)))
    nothing = replace(batch, next=replace(following, done=torch.ones_like(following.done)))
    assert equal(critic_after(learner, nobody, noise), critic_after(learner, nothing, noise))
    assert not equal(critic_after(learner, batch, noise), critic_after(learner, nothing, noise))
