"""Where a solver's agent comes from: a checkpoint, or a training on the scenario."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from problems.instance import Instance
from solvers.base import Budget, Unsuitable
from t2drl.settings import Algorithm

if TYPE_CHECKING:
    from t2drl.checkpoint import Checkpoint
    from t2drl.settings import Settings

Configuration = Literal["fast", "paper"]
OPTIONAL = ("cell_km", "move_km", "input_mb", "output_mb")
"""What an instance's demand may leave out, and nothing can be sampled without."""


@dataclass(frozen=True)
class Source:
    """Where an agent comes from: a checkpoint, or a training on the scenario of the instance."""

    checkpoint: str | None
    train_steps: int
    configuration: Configuration
    algorithm: Algorithm
    seed: int

    def agent(self, instance: Instance, budget: Budget) -> Checkpoint:
        """The agent; trained on the scenario alone, never on the trace. Raises Unsuitable or InputError."""
        import torch

        from t2drl.checkpoint import read_checkpoint
        from t2drl.traces import scenario_of
        from t2drl.training_cache import trained

        torch.set_num_threads(1)
        if self.checkpoint is not None:
            found = read_checkpoint(Path(self.checkpoint))
            if found.agent.settings.algorithm != self.algorithm:
                raise Unsuitable(
                    f"{self.checkpoint} holds a {found.agent.settings.algorithm} agent; needs {self.algorithm}"
                )
        else:
            missing = [name for name in OPTIONAL if name not in instance.demand.model_fields_set]
            if missing:
                raise Unsuitable(f"trains on traces of the demand process, which does not say {', '.join(missing)}")
            found = trained(scenario_of(instance), self.settings(), self.train_steps, self.seed, budget, say)
        if found.has_seen(instance):
            raise Unsuitable("the agent was trained on this very trace")
        return found

    def settings(self) -> Settings:
        """Of the training that makes such an agent."""
        from t2drl import settings

        configurations = {"fast": settings.fast, "paper": settings.paper}
        return configurations[self.configuration](algorithm=self.algorithm)


def say(words: str) -> None:
    """A line for the log of a solve."""
    print(f"t2drl: {words}", file=sys.stderr)


def check_settings(train_steps: int, seed: int) -> None:
    """Raise ValueError for what is out of range."""
    for name, value, least in (("train_steps", train_steps, 1), ("seed", seed, 0)):
        if value < least:
            raise ValueError(f"{name}: {value}; must be >= {least}")
