"""What a learning curve may hold."""

from __future__ import annotations

import pytest

from solvers.learning_curve import CurvePoint, LearningCurve


@pytest.mark.parametrize("change", [{"points": [[0, 0, 1.0]]}, {"points": [[0, 0, 1.0, float("nan"), 0.0]]}, {}])
def test_what_is_no_curve_is_refused(change: dict[str, object]) -> None:
    good = LearningCurve("t2drl", 64, (CurvePoint(0, 0, 0.5, 9.0, 3.0),), 0.25)
    document: dict[str, object] = {"learner": "t2drl", "planned_steps": 64, "points": [[0, 0, 0.5, 9.0, 3.0]]}
    assert LearningCurve.of({**document, "validation_cpu_s": 0.25}) == good
    with pytest.raises((KeyError, TypeError, ValueError)):
        LearningCurve.of({**document, **change, **({"validation_cpu_s": 0.25} if change else {})})
