"""Checkpoints: a trained agent in a file, with where it comes from and what it cost; unfinished trainings likewise."""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from problems.instance import Instance
from problems.io.errors import InputError, from_validation
from problems.scenario import Scenario
from t2drl.agent import Agent
from t2drl.checkpoints.curve_header import columns_of, points_in
from t2drl.checkpoints.tensor_file import read_tensors, write_tensors
from t2drl.settings import Settings
from t2drl.training.loop import Training
from t2drl.training.state import agent_of, restore, state_of
from t2drl.world.device import device_of
from t2drl.world.traces import first_seed, trace_digest

CHECKPOINT, UNFINISHED = "t2bench-checkpoint", "t2bench-training"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """An agent and where it comes from."""

    agent: Agent
    header: dict[str, Any]
    """``scenarios``, ``settings``, ``seed``, ``length``, ``counts``, ``curve``, ``traces`` and ``versions``."""

    @property
    def sha256(self) -> str:
        """Of the content; equal for equal trainings."""
        return str(self.header["sha256"])

    def was_trained_on(self, instance: Instance) -> bool:
        """Whether the agent was trained on this very trace."""
        return trace_digest(instance.trace) in self.header["traces"]["digests"]


def write_checkpoint(training: Training, path: Path) -> str:
    """Write the agent as it is now; returns the content's hash. Raises InputError."""
    return write_tensors(path, CHECKPOINT, agent_of(training).tensors, _header(training))


def read_checkpoint(path: Path) -> Checkpoint:
    """Read an agent. Raises InputError, one line that names the file."""
    tensors, header = read_tensors(path, CHECKPOINT)
    scenarios, settings = _origin(header, path)
    return Checkpoint(Agent(settings, scenarios, tensors), header)


def write_unfinished(training: Training, path: Path) -> None:
    """Write everything that the training needs to continue. Raises InputError."""
    tensors, numbers = state_of(training)
    header = {**_header(training), "numbers": numbers, "asked_minutes": training.asked_minutes}
    write_tensors(path, UNFINISHED, tensors, header)


def read_unfinished(path: Path) -> Training:
    """The training, ready to continue on its device. Raises InputError, also where that is not here."""
    tensors, header = read_tensors(path, UNFINISHED)
    scenarios, settings = _origin(header, path)
    try:
        device = device_of(header.get("device", "cpu"))
    except InputError as error:
        raise error.within(str(path)) from None
    training = Training(scenarios, settings, header["length"], header["seed"], device)
    restore(training, tensors, header["numbers"])
    training.curve = points_in(header)
    training.asked_minutes = header.get("asked_minutes")
    return training


def _header(training: Training) -> dict[str, Any]:
    traces = [experience.environment.traces for experience in training.experience]
    return {
        "scenarios": [scenario.model_dump(mode="json") for scenario in training.scenarios],
        "settings": training.settings.document(),
        "seed": training.seed,
        "length": training.length,
        "device": training.device.type,
        "counts": asdict(training.counts),
        "curve": columns_of(training.curve),
        "traces": {
            "first_seed": first_seed(training.seed),
            "count": sum(len(one.state) for one in traces),
            "digests": sorted(frozenset().union(*(one.digests for one in traces))),
        },
        "versions": {"python": platform.python_version(), **{name: version(name) for name in ("t2bench", "torch")}},
    }


def _origin(header: dict[str, Any], path: Path) -> tuple[tuple[Scenario, ...], Settings]:
    try:
        scenarios = tuple(Scenario.model_validate(scenario) for scenario in header["scenarios"])
        return scenarios, Settings.of(header["settings"])
    except ValidationError as error:
        raise from_validation(error).within(str(path)) from None
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: {error}") from None
