"""Agents with learning curves, as rows of a store tell of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from solvers.learning_curve import CurvePoint, LearningCurve
from tests.reports.cells import Row

END = 120
"""Environment steps of a whole training."""


def curve(*excess: float, learner: str = "t2drl", planned: int = END, pace: float = 1.0) -> LearningCurve:
    """Points 10 steps and ``pace`` seconds apart, of which the first came after a second."""
    points = tuple(CurvePoint(10 * n, n, 1 + pace * n, value, value / 2) for n, value in enumerate(excess))
    return LearningCurve(learner, planned, points, 0.5)


def falling(end: float, start: float = 30.0) -> list[float]:
    """Thirteen values from ``start`` to ``end``, steadily."""
    return [start + (end - start) * n / 12 for n in range(13)]


def trained_by(*agents: tuple[str, LearningCurve | None]) -> Row:
    """What a row says of its agents, by their names."""
    curves = [None if curve is None else asdict(curve) for _, curve in agents]
    cost = {"training_cpu_s": 13.0, "environment_steps": END, "updates": 12, "training_whole": True}
    columns: dict[str, Any] = {"agent_sha256": "+".join(name for name, _ in agents), "training_spent_s": 0.0, **cost}
    return columns | {"learning_curves": json.dumps(curves) if any(curves) else None}
