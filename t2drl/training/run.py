"""Training from beginning to end, and the agent that comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from problems.scenario import Scenario
from t2drl.agent import Agent
from t2drl.settings import Settings
from t2drl.training.loop import Training
from t2drl.world.device import CPU

MEASURED_SLOTS = 160


def train(
    scenarios: Sequence[Scenario],
    settings: Settings,
    length: int,
    seed: int = 0,
    stop: Callable[[Training], bool] = lambda training: False,
) -> Training:
    """Train on traces of the scenarios until ``length`` slots are played, or ``stop`` says so after a frame."""
    training = Training(scenarios, settings, length, seed)
    while not training.done and not stop(training):
        training.play_frame()
    return training


def agent_of(training: Training) -> Agent:
    """The agent as it is now, in memory: the averaged actor, the critic, the averaged caching network."""
    parts = {
        "actor": training.allocator.target_actor,
        "critic": training.allocator.critic,
        "cacher": training.cacher.target,
    }
    tensors: dict[str, Tensor] = {
        f"{name}.{key}": value.detach().cpu().clone()
        for name, part in parts.items()
        for key, value in part.state_dict().items()
    }
    for name, scale in (("users", training.scales.users), ("catalogue", training.scales.catalogue)):
        tensors |= {f"{name}.mean": scale.mean.cpu().clone(), f"{name}.deviation": scale.deviation.cpu().clone()}
    return Agent(training.settings, training.scenarios, tensors)


def length_for(scenarios: Sequence[Scenario], settings: Settings, cpu_s: float, device: torch.device = CPU) -> int:
    """About how many slots all traces can play in a training of ``cpu_s`` CPU seconds on this machine.

    Measured on two trainings too short to matter: one of the allocator alone, one in the nested loops.
    """
    seconds = 0.0
    for warmup in (1.0, 0.0):
        trial = Training(scenarios, replace(settings, warmup=warmup), MEASURED_SLOTS, seed=0, device=device)
        while not trial.done:
            if trial.counts.played < MEASURED_SLOTS // 2:  # before the first updates, and while caches are cold
                began = trial.counts.cpu_s
                first = trial.counts.played
            trial.play_frame()
        share = settings.warmup if warmup else 1.0 - settings.warmup
        seconds += share * (trial.counts.cpu_s - began) / max(trial.counts.played - first, 1)
    return max(1, round(cpu_s / seconds))
