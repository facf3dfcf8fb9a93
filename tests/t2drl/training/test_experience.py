"""What updates learn from is what was played."""

from __future__ import annotations

import pytest
import torch

from problems.families.named import family_scenario
from t2drl.settings import Settings
from t2drl.training.experience import Experience
from t2drl.training.loop import Training
from tests.t2drl.trainings import TINIEST, tiny_settings


def played(settings: Settings, frames: int) -> tuple[Training, Experience]:
    training = Training((family_scenario("drift", 0),), settings, 10_000, seed=0)
    for _ in range(frames):
        training.play_frame()
    return training, training.experience[0]


@pytest.mark.parametrize("algorithm", ["d3pg", "ddpg"])
def test_shapes_are_those_of_slots_users_and_numbers(algorithm: str) -> None:
    training, experience = played(tiny_settings(**TINIEST, algorithm=algorithm, warmup=0.0, chain=3), 2)
    scenario = experience.environment.scenario
    users, models, caches = scenario.users, len(scenario.models), len(experience.environment.caches)
    slots = experience.slot_transitions(7, True, training.rng)
    assert slots.next is not None
    assert slots.observation.shape == slots.next.observation.shape == (7, users, 13)
    assert slots.action.shape == (7, users, 4)
    assert slots.reward.shape == (7, users)
    assert slots.next.done.shape == (7,)
    assert training.chain_noise(7, experience).shape == (1 if algorithm == "ddpg" else 3, 7, users, 5)
    frames = experience.frame_transitions(9, training.rng)
    assert frames.observation.common.shape == frames.next_observation.common.shape == (9, 4)
    assert frames.observation.models.shape == frames.next_observation.models.shape == (9, models, 2)
    assert frames.observation.catalogue.shape == (models, 8)
    assert frames.action.shape == frames.reward.shape == frames.done.shape == (9,)
    assert frames.caches.shape == (caches, models)
    assert experience.slot_transitions(7, False, training.rng).next is None


def test_the_next_slot_is_the_one_that_followed_in_the_frame() -> None:
    training, experience = played(tiny_settings(**TINIEST), 1)
    environment, rows = experience.environment, experience.slots.columns["row"][: len(experience.slots)]
    batch = experience.slot_transitions(200, True, training.rng)
    assert batch.next is not None
    assert float(batch.next.done.mean()) == pytest.approx(1 / environment.scenario.slots, abs=0.1)
    gains = {tuple(gain.tolist()): int(row) for row, gain in zip(rows, environment.slots.slots.gain[rows], strict=True)}
    for here, there, done in zip(batch.slots.gain, batch.next.slots.gain, batch.next.done, strict=True):
        row = gains[tuple(here.tolist())]
        assert bool(done) == ((row + 1) % environment.scenario.slots == 0)
        assert done or gains[tuple(there.tolist())] == row + 1


def test_the_next_frame_is_begun_with_the_cache_that_was_chosen() -> None:
    training, experience = played(tiny_settings(**TINIEST, warmup=0.0), 40)
    batch = experience.frame_transitions(200, training.rng)
    assert torch.equal(batch.next_observation.models[..., 0], batch.caches[batch.action])
    assert float(batch.done.mean()) == pytest.approx(1 / 40, abs=0.03)
    assert batch.done.any()


def test_the_memory_is_shared_among_environments() -> None:
    scenarios = [family_scenario("tiny", seed) for seed in range(3)]
    training = Training(scenarios, tiny_settings(replay=900, cache_replay=60), 10, seed=0)
    assert [one.slots.capacity for one in training.experience] == [300] * 3
    assert [one.frames.capacity for one in training.experience] == [20] * 3
