"""What a learner brings to a solve, and what that has cost."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from problems.io.errors import shorten
from solvers.learning_curve import LearningCurve


@dataclass(frozen=True)
class Learnt:
    """An agent and the training behind it. Raises ValueError for what no store can keep."""

    agent: str
    """SHA-256 of the checkpoint's content."""
    training_cpu_s: float
    """CPU seconds of the whole training, whoever waited for it."""
    environment_steps: int
    """Slots of single traces that it was trained on."""
    updates: int
    """Gradient steps, of all its networks together."""
    whole: bool
    """Whether the training came to its planned end, and no time limit cut it short."""
    traces: str
    """SHA-256 of the digests of its training traces, of which the trace to be solved is none."""
    spent_s: float
    """Wall seconds of this solve that went into training, waiting for a training or loading the agent."""
    curve: LearningCurve | None = None
    """How it fared in the course of the training; None where nobody measured."""

    def __post_init__(self) -> None:
        for names, fits, allowed in (
            (("agent", "traces"), _is_text, "text"),
            (("training_cpu_s", "spent_s"), _is_duration, "a finite number >= 0"),
            (("environment_steps", "updates"), _is_count, "a whole number >= 0 and < 2**63"),
            (("whole",), _is_truth, "True or False"),
            (("curve",), _is_curve, "a LearningCurve or None"),
        ):
            for name in names:
                value = getattr(self, name)
                if not fits(value):
                    raise ValueError(f"{name}: {shorten(value)}; must be {allowed}")

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """The record from its JSON object. Raises KeyError, TypeError or ValueError for what is none."""
        curve = document["curve"]
        return cls(**{**document, "curve": None if curve is None else LearningCurve.of(curve)})


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= sys.float_info.max


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _is_curve(value: object) -> bool:
    return value is None or isinstance(value, LearningCurve)
