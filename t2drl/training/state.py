"""A training as named tensors: the agent that it has made so far, and all that it needs to continue."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn

from t2drl.agent import Agent, part
from t2drl.training.loop import Counts, Training
from t2drl.world.replay_buffer import ReplayBuffer


def agent_of(training: Training) -> Agent:
    """The agent as it is now, in memory: the target actor, the critic, the target network of the caching agent."""
    parts = {
        "actor": training.allocator.target_actor,
        "critic": training.allocator.critic,
        "cacher": training.cacher.target,
    }
    tensors: dict[str, Tensor] = {
        f"{name}.{key}": value.detach().cpu().clone()
        for name, module in parts.items()
        for key, value in module.state_dict().items()
    }
    for name, scale in (("users", training.scales.users), ("catalogue", training.scales.catalogue)):
        tensors |= {f"{name}.mean": scale.mean.cpu().clone(), f"{name}.deviation": scale.deviation.cpu().clone()}
    return Agent(training.settings, training.scenarios, tensors)


def state_of(training: Training) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors by name and numbers by name; what the scenarios, the settings and the seed decide is left out."""
    tensors: dict[str, Tensor] = {"random": training.rng.generator.get_state()}
    for name, module in _modules(training).items():
        tensors |= {f"{name}.{key}": value.detach() for key, value in module.state_dict().items()}
    for name, optimiser in _optimisers(training).items():
        for number, entry in optimiser.state_dict()["state"].items():
            tensors |= {f"{name}.{number}.{key}": value for key, value in entry.items()}
    for name, buffer in _buffers(training).items():
        tensors |= {f"{name}.{key}": column[: len(buffer)] for key, column in buffer.columns.items()}
    episodes = [experience.environment.episodes for experience in training.experience]
    for n, each in enumerate(episodes):
        tensors |= {f"place.{n}.trace": each.trace, f"place.{n}.cache": each.cache}
    numbers = {
        "counts": asdict(training.counts),
        "frames": [each.frame for each in episodes],
        "written": {name: buffer.written for name, buffer in _buffers(training).items()},
    }
    return {name: tensor.cpu().contiguous().clone() for name, tensor in tensors.items()}, numbers


def restore(training: Training, tensors: dict[str, Tensor], numbers: dict[str, Any]) -> None:
    """Put a fresh training of the same scenarios, settings and seed into the state that was saved."""
    training.rng.generator.set_state(tensors["random"])
    for name, module in _modules(training).items():
        module.load_state_dict(part(tensors, name))
    for name, optimiser in _optimisers(training).items():
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in part(tensors, name).items():
            number, _, entry = key.partition(".")
            state.setdefault(int(number), {})[entry] = value
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    for name, buffer in _buffers(training).items():
        buffer.written = numbers["written"][name]
        for key, column in part(tensors, name).items():
            buffer.columns[key][: len(column)] = column
    for n, (experience, frame) in enumerate(zip(training.experience, numbers["frames"], strict=True)):
        episodes = experience.environment.episodes
        episodes.frame = frame
        episodes.trace, episodes.cache = (
            tensors[f"place.{n}.{name}"].to(training.device) for name in ("trace", "cache")
        )
    training.counts = Counts(**numbers["counts"])


def _modules(training: Training) -> dict[str, nn.Module]:
    allocator, cacher = training.allocator, training.cacher
    return {
        "actor": allocator.actor,
        "critic": allocator.critic,
        "target_actor": allocator.target_actor,
        "target_critic": allocator.target_critic,
        "cacher": cacher.network,
        "target_cacher": cacher.target,
    }


def _optimisers(training: Training) -> dict[str, torch.optim.Optimizer]:
    allocator, cacher = training.allocator, training.cacher
    return {
        "actor_optimiser": allocator.actor_optimiser,
        "critic_optimiser": allocator.critic_optimiser,
        "cacher_optimiser": cacher.optimiser,
    }


def _buffers(training: Training) -> dict[str, ReplayBuffer]:
    slots = {f"replay.{n}": experience.slots for n, experience in enumerate(training.experience)}
    return slots | {f"frame_replay.{n}": experience.frames for n, experience in enumerate(training.experience)}
