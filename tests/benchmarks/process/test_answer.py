"""What a solver throws, hands over and says of its training."""

from __future__ import annotations

from typing import Any

import pytest

from problems.instance import Instance
from tests.benchmarks.cells import solve


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("Raises", "error", "RuntimeError: no good"),
        ("RaisesSystemExit", "error", "SystemExit: 0"),
        ("Refuses", "skipped", "only for Tuesdays"),
        ("Missing", "not-installed", "pip install unobtainium"),
        ("AsksForTooMuch", "memory", "MemoryError"),
        ("ReturnsText", "invalid", "str"),
        ("WrongShape", "invalid", "bandwidth: array of shape [3, 2, 1]; must be [3, 2, 2]"),
        ("Objects", "invalid", "steps: array of object"),
        ("OddStatus", "invalid", "'splendid'"),
        ("NoSuchClass", "error", "has no class 'NoSuchClass'"),
    ],
)
def test_what_the_solver_throws_or_hands_over(instance: Instance, name: str, status: str, words: str) -> None:
    outcome = solve(instance, name)
    assert outcome.status == status
    assert outcome.error is not None
    assert words in outcome.error
    assert outcome.solution is None
    assert outcome.exit_code == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"training_cpu_s": "long"}, "training_cpu_s: 'long'; must be a finite number >= 0"),
        ({"training_cpu_s": -1.0}, "training_cpu_s: -1.0; must be a finite number >= 0"),
        ({"environment_steps": 1.5}, "environment_steps: 1.5; must be a whole number >= 0 and < 2**63"),
        ({"environment_steps": 2**63}, "environment_steps: 9223372036854775808; must be a whole number"),
    ],
)
def test_costs_of_learning_that_are_none_are_an_error(instance: Instance, settings: dict[str, Any], words: str) -> None:
    outcome = solve(instance, "Boasts", **settings)
    assert outcome.status == "error"
    assert outcome.error is not None
    assert words in outcome.error
