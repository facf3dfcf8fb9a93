"""What allocation strategies have in common that must be trained before they can split a slot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np

from problems.episode import Slots
from solvers.base import AllocationStrategy
from t2drl.strategies.source import check_settings

TRAIN_STEPS = 2_000
"""Slots that all traces play: about 20 CPU seconds on ``small``."""


@dataclass(frozen=True)
class LearntSplit(AllocationStrategy):
    """Trained by :meth:`prepared`, which gives a strategy that can allocate."""

    honours_limits: ClassVar[bool] = False
    needs_training: ClassVar[bool] = True

    train_steps: int = TRAIN_STEPS
    """The length of the training: slots that all traces, played at once, go through."""
    seed: int = 0
    """Added to the seed of the run; at least 0."""

    def __post_init__(self) -> None:
        check_settings(self.train_steps, self.seed)

    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""
        return replace(self, seed=self.seed + seed)

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Slots do not tell the scenario to train on: :meth:`prepared` gives the trained strategy."""
        raise ValueError(
            "a learner must be trained before it can allocate: use prepared(instance, budget, report).allocate"
        )
