"""How an agent fared in the course of its training, on traces that decide nothing and are never judged."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self


class CurvePoint(NamedTuple):
    """What the agent was worth at one moment, and what it had cost by then."""

    environment_steps: int
    updates: int
    """Gradient steps, of all its networks together."""
    cpu_s: float
    """CPU seconds of the training, without those of validation."""
    excess_pct: float
    """Mean cost above the optimum in hindsight, in per cent, with its caches and its allocations."""
    allocation_pct: float
    """Mean cost above that of exact allocations under the same caches, in per cent."""


@dataclass(frozen=True)
class LearningCurve:
    """Points of one training, the earliest first. Raises ValueError for what is not finite."""

    learner: str
    """The solver that both timescales of the agent make together."""
    planned_steps: int
    """Environment steps of the whole training; one that a limit cut short has fewer."""
    points: tuple[CurvePoint, ...]
    validation_cpu_s: float
    """CPU seconds that the measurements took, the references included."""

    def __post_init__(self) -> None:
        for value in (self.validation_cpu_s, *(value for point in self.points for value in point)):
            if not math.isfinite(value):
                raise ValueError(f"learning curve: {value!r}; must be finite")

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The curve from its JSON object. Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            learner=str(document["learner"]),
            planned_steps=int(document["planned_steps"]),
            points=tuple(
                CurvePoint(int(steps), int(updates), *map(float, measured))
                for steps, updates, *measured in document["points"]
            ),
            validation_cpu_s=float(document["validation_cpu_s"]),
        )
