"""Where a solver's agent comes from: a checkpoint, or a training."""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from problems.instance import Instance
from problems.scenario import Scenario
from solvers.base import Budget, Learnt, Report, Unsuitable
from t2drl.checkpoints.curve_header import curve_in
from t2drl.settings import Algorithm

if TYPE_CHECKING:
    from t2drl.checkpoints.checkpoint import Checkpoint
    from t2drl.settings import Settings

Configuration = Literal["fast", "paper"]
OPTIONAL = ("cell_km", "move_km", "input_mb", "output_mb")
"""What an instance's demand may leave out, and nothing can be sampled without."""


@dataclass(frozen=True)
class Source:
    """A checkpoint, or a training on the scenario of the instance: a specialist."""

    checkpoint: str | None
    train_steps: int
    configuration: Configuration
    algorithm: Algorithm
    seed: int
    chain: int | None = field(default=None, kw_only=True)
    """Steps of the diffusion actor's chain; None: those of the configuration."""

    def agent(self, instance: Instance, budget: Budget, report: Report) -> Checkpoint:
        """The agent, never trained on the trace; ``report`` is told what it has cost.

        Raises Unsuitable or InputError.
        """
        began = time.monotonic()
        found = self._found(instance, budget)
        report.learnt(record(found.header, found.sha256, time.monotonic() - began))
        return found

    def settings(self) -> Settings:
        """Of the training that makes such an agent."""
        from t2drl import settings

        configurations = {"fast": settings.fast, "paper": settings.paper}
        return configurations[self.configuration](**self.changes)

    @property
    def changes(self) -> dict[str, Any]:
        """What of the settings is not as the configuration has it."""
        return {"algorithm": self.algorithm} | ({} if self.chain is None else {"chain": self.chain})

    def scenarios(self, instance: Instance) -> tuple[Scenario, ...]:
        """What such an agent is trained on. Raises Unsuitable where there is nothing to train on."""
        return (demand_to_train_on(instance),)

    def check(self, found: Checkpoint, instance: Instance) -> None:
        """Raise Unsuitable where the agent must not answer for the instance."""
        if found.was_trained_on(instance):
            raise Unsuitable("the agent was trained on this very trace")

    def _found(self, instance: Instance, budget: Budget) -> Checkpoint:
        import torch

        from t2drl.checkpoints.cache import trained

        torch.set_num_threads(1)
        if self.checkpoint is not None:
            found = self._read(Path(self.checkpoint))
        else:
            found = trained(self.scenarios(instance), self.settings(), self.train_steps, self.seed, budget, say)
        self.check(found, instance)
        return found

    def _read(self, path: Path) -> Checkpoint:
        from t2drl.checkpoints.checkpoint import read_checkpoint

        found, wanted = read_checkpoint(path), self.settings()
        settings = found.agent.settings
        if settings.algorithm != self.algorithm:
            raise Unsuitable(f"{path} holds a {settings.algorithm} agent; needs {self.algorithm}")
        if (settings.networks, settings.prediction) != (wanted.networks, wanted.prediction):
            kind, needed = (f"{one.networks} networks that predict {one.prediction}" for one in (settings, wanted))
            raise Unsuitable(f"{path} holds {kind}; {self.configuration} needs {needed}")
        if self.chain is not None and settings.chain != self.chain:
            raise Unsuitable(f"{path} holds an agent with a chain of {settings.chain}; needs {self.chain}")
        if settings.observes_demand != wanted.observes_demand:
            kinds = ("a specialist, which is not told the demand", "a generalist, which is told the demand")
            raise Unsuitable(f"{path} holds {kinds[settings.observes_demand]}; needs {kinds[wanted.observes_demand]}")
        return found


@dataclass(frozen=True)
class GeneralSource(Source):
    """A checkpoint, or a training on other scenarios of the instance's family: a generalist."""

    spread: int
    """Scenarios to train on."""

    def settings(self) -> Settings:
        """Of the training that makes such an agent."""
        from t2drl.settings import general

        return general(**self.changes)

    def scenarios(self, instance: Instance) -> tuple[Scenario, ...]:
        """Scenarios of the family. Raises Unsuitable where the instance is of none."""
        from t2drl.world.scenarios import training_scenarios

        return training_scenarios(instance.family or "", self.spread)

    def check(self, found: Checkpoint, instance: Instance) -> None:
        """Raise Unsuitable for an instance of a scenario that the agent was trained on."""
        from t2drl.world.traces import scenario_of

        super().check(found, instance)
        if any(alike(scenario, scenario_of(instance)) for scenario in found.agent.scenarios):
            raise Unsuitable("the agent was trained on this very scenario; a generalist is judged on others")


def alike(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios have the same models, system and demand, whatever their names and extents."""
    parts = ("models", "system", "demand")
    return all(getattr(one, part) == getattr(other, part) for part in parts)


def demand_to_train_on(instance: Instance) -> Scenario:
    """The scenario of an instance. Raises Unsuitable where its demand does not tell enough to sample traces."""
    from t2drl.world.traces import scenario_of

    missing = [name for name in OPTIONAL if name not in instance.demand.model_fields_set]
    if missing:
        raise Unsuitable(f"trains on traces of the demand process, which does not say {', '.join(missing)}")
    return scenario_of(instance)


def record(header: dict[str, Any], agent: str, spent_s: float) -> Learnt:
    """What an agent has cost and how it fared on the way, from its papers and its hash."""
    counts, digests = header["counts"], header["traces"]["digests"]
    return Learnt(
        agent=agent,
        training_cpu_s=counts["cpu_s"],
        environment_steps=counts["slots"],
        updates=counts["slot_updates"] + counts["frame_updates"],
        whole=counts["played"] >= header["length"],
        traces=hashlib.sha256("".join(digests).encode()).hexdigest(),
        spent_s=spent_s,
        curve=curve_in(header),
    )


def say(words: str) -> None:
    """A line for the log of a solve."""
    print(f"t2drl: {words}", file=sys.stderr)


def check_settings(train_steps: int, seed: int, chain: int | None = None) -> None:
    """Raise ValueError for what is out of range."""
    for name, value, least in (("train_steps", train_steps, 1), ("seed", seed, 0), ("chain", chain, 1)):
        if value is not None and value < least:
            raise ValueError(f"{name}: {value}; must be >= {least}")
