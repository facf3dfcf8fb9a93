"""Training from beginning to end, and the agent that comes out."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from problems.scenario import Scenario
from t2drl.agent import Agent
from t2drl.settings import Settings
from t2drl.training import Training


def train(
    scenario: Scenario,
    settings: Settings,
    length: int,
    seed: int = 0,
    stop: Callable[[Training], bool] = lambda training: False,
) -> Training:
    """Train on traces of the scenario until ``length`` slots are played or ``stop`` says so, asked after every frame."""
    training = Training(scenario, settings, length, seed)
    while not training.done and not stop(training):
        training.play_frame()
    return training


def agent_of(training: Training) -> Agent:
    """The agent as it is now: the averaged actor, the critic, the averaged caching network."""
    parts = {
        "actor": training.allocator.target_actor,
        "critic": training.allocator.critic,
        "cacher": training.cacher.target,
    }
    tensors: dict[str, Tensor] = {
        f"{name}.{key}": value.detach().clone() for name, part in parts.items() for key, value in part.state_dict().items()
    }
    scale = training.pool.scale
    tensors |= {"scale.mean": scale.mean.clone(), "scale.deviation": scale.deviation.clone()}
    return Agent(training.settings, training.scenario, tensors)
