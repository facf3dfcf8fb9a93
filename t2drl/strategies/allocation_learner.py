"""What all learners of the short timescale have in common: the length of their training and its seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from solvers.untrained import UntrainedAllocation
from t2drl.strategies.source import check_settings

TRAIN_STEPS = 2_000
"""Slots that all traces play: about 20 CPU seconds on ``small``."""


@dataclass(frozen=True)
class AllocationLearner(UntrainedAllocation):
    """Trained for so many steps from a seed."""

    train_steps: int = TRAIN_STEPS
    """The length of the training: slots that all traces, played at once, go through."""
    seed: int = 0
    """Added to the seed of the run; at least 0."""

    def __post_init__(self) -> None:
        check_settings(self.train_steps, self.seed)

    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""
        return replace(self, seed=self.seed + seed)
