"""Everything that a training would need to go on as if it had never stopped, as named tensors."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor, nn

from t2drl.training.loop import Counts, Training
from t2drl.world.replay import Replay


def state_of(training: Training) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors by name and numbers by name; what the scenarios, the settings and the seed decide is left out."""
    tensors: dict[str, Tensor] = {"random": training.generator.get_state()}
    for name, module in _modules(training).items():
        tensors |= {f"{name}.{key}": value.detach() for key, value in module.state_dict().items()}
    for name, optimiser in _optimisers(training).items():
        for number, entry in optimiser.state_dict()["state"].items():
            tensors |= {f"{name}.{number}.{key}": value for key, value in entry.items()}
    for name, replay in _replays(training).items():
        tensors |= {f"{name}.{key}": column[: len(replay)] for key, column in replay.columns.items()}
    for n, world in enumerate(training.worlds):
        tensors |= {f"place.{n}.trace": world.place.trace, f"place.{n}.cache": world.place.cache}
    numbers = {
        "counts": asdict(training.counts),
        "frames": [world.place.frame for world in training.worlds],
        "written": {name: replay.written for name, replay in _replays(training).items()},
    }
    return {name: tensor.cpu().contiguous().clone() for name, tensor in tensors.items()}, numbers


def restore(training: Training, tensors: dict[str, Tensor], numbers: dict[str, Any]) -> None:
    """Put a fresh training of the same scenarios, settings and seed into the state that was saved."""
    training.generator.set_state(tensors["random"])
    for name, module in _modules(training).items():
        module.load_state_dict(_part(tensors, name))
    for name, optimiser in _optimisers(training).items():
        state: dict[int, dict[str, Tensor]] = {}
        for key, value in _part(tensors, name).items():
            number, _, entry = key.partition(".")
            state.setdefault(int(number), {})[entry] = value
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    for name, replay in _replays(training).items():
        replay.written = numbers["written"][name]
        for key, column in _part(tensors, name).items():
            replay.columns[key][: len(column)] = column
    for n, (world, frame) in enumerate(zip(training.worlds, numbers["frames"], strict=True)):
        place = world.place
        place.frame = frame
        place.trace, place.cache = (tensors[f"place.{n}.{name}"].to(training.device) for name in ("trace", "cache"))
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


def _replays(training: Training) -> dict[str, Replay]:
    slots = {f"replay.{n}": world.replay for n, world in enumerate(training.worlds)}
    return slots | {f"frame_replay.{n}": world.frame_replay for n, world in enumerate(training.worlds)}


def _part(tensors: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    prefix = f"{name}."
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
