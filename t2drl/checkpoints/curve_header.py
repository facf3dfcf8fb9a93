"""A learning curve in the header of a checkpoint: a column a measure, so that a hash can leave out the times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from solvers.learning_curve import CurvePoint, LearningCurve
from t2drl.settings import Settings


def columns_of(points: Sequence[CurvePoint]) -> dict[str, list[float]]:
    """The points by the name of their measures."""
    return {name: [getattr(point, name) for point in points] for name in CurvePoint._fields}


def points_in(header: Mapping[str, Any]) -> list[CurvePoint]:
    """The points of a header; none where its training was not measured."""
    columns = header.get("curve") or columns_of(())
    return [CurvePoint(*values) for values in zip(*(columns[name] for name in CurvePoint._fields), strict=True)]


def curve_in(header: Mapping[str, Any]) -> LearningCurve | None:
    """The curve of a header; None where its training was not measured."""
    points = points_in(header)
    if not points:
        return None
    settings = Settings.of(header["settings"])
    return LearningCurve(
        learner=settings.learner,
        planned_steps=header["length"] * settings.envs,
        points=tuple(points),
        validation_cpu_s=header["counts"]["validation_cpu_s"],
    )
