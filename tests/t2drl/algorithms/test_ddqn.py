"""The caching agent's update: what Q is drawn towards."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from problems.families.named import family_scenario
from t2drl.algorithms.ddqn import Learner, Transitions, q_of_actions, update
from t2drl.settings import Settings, paper
from t2drl.training.loop import Training
from tests.t2drl.trainings import TINIEST, tiny_settings

KINDS = {"set": tiny_settings(**TINIEST, warmup=0.0), "flat": paper(**TINIEST, warmup=0.0)}


def met(settings: Settings) -> tuple[Learner, Transitions]:
    """A learner whose target network is another, and all frames of traces that it has played."""
    scenario = family_scenario("drift", 0).model_copy(update={"frames": 4})
    training = Training((scenario,), settings, 1_000, seed=0)
    for _ in range(4):
        training.play_frame()
    with torch.no_grad():
        for parameter in training.cacher.target.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0)))
    return training.cacher, training.experience[0].frame_transitions(64, training.rng)


def loss(learner: Learner, batch: Transitions, target: Tensor) -> float:
    with torch.no_grad():
        return float(nn.functional.smooth_l1_loss(q_of_actions(learner, batch), target))


def fitted(learner: Learner, batch: Transitions, discount: float) -> Learner:
    """The learner after many updates on one batch, with a target network that stands still."""
    still = Learner(replace(learner.settings, cache_polyak=0.0, cache_lr=3e-3), batch.observation, len(batch.caches))
    still.network.load_state_dict(learner.network.state_dict())
    still.target.load_state_dict(learner.target.state_dict())
    for _ in range(400):
        update(still, batch, discount)
    return still


@pytest.mark.parametrize("kind", KINDS)
def test_without_discount_it_is_drawn_towards_the_reward(kind: str) -> None:
    learner, batch = met(KINDS[kind])
    assert loss(fitted(learner, batch, 0.0), batch, batch.reward) < 0.1 * loss(learner, batch, batch.reward)


@pytest.mark.parametrize("kind", KINDS)
def test_with_discount_it_is_drawn_towards_what_the_target_says_of_its_own_choice(kind: str) -> None:
    learner, batch = met(KINDS[kind])
    assert 0 < batch.done.sum() < len(batch.done)
    after = fitted(learner, batch, 0.9)
    with torch.no_grad():
        best = after.network(batch.next_observation, batch.caches).argmax(dim=1)
        value = after.target(batch.next_observation, batch.caches)[torch.arange(len(best)), best]
    target = batch.reward + torch.where(batch.done > 0, 0.0, 0.9 * value)
    assert loss(after, batch, target) < 0.1 * loss(learner, batch, target)
    assert loss(after, batch, target) < 0.5 * loss(after, batch, batch.reward + 0.9 * value)


def test_the_value_of_a_cache_does_not_depend_on_the_order_of_models_or_caches() -> None:
    learner, batch = met(KINDS["set"])
    models, caches = (
        torch.randperm(n, generator=torch.Generator().manual_seed(0)) for n in reversed(batch.caches.shape)
    )
    shown = batch.observation
    turned = replace(shown, models=shown.models[:, models], catalogue=shown.catalogue[models])
    expected = learner.network(shown, batch.caches)[:, caches]
    torch.testing.assert_close(learner.network(turned, batch.caches[caches][:, models]), expected)


def test_the_target_network_moves_a_share_of_the_way() -> None:
    learner, batch = met(KINDS["set"])
    before = copy.deepcopy(learner.target)
    update(learner, batch, 0.9)
    for old, new, source in zip(
        before.parameters(), learner.target.parameters(), learner.network.parameters(), strict=True
    ):
        torch.testing.assert_close(new, old + learner.settings.cache_polyak * (source - old))
