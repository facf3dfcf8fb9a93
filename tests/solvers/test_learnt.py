"""A record of learning checks itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from solvers.base import Learnt

WRONG = {
    "agent": [None, 7],
    "training_cpu_s": [float("nan"), float("inf"), -0.5, 10**400, "1", True, None],
    "environment_steps": [-1, 2**63, 10**25, 1.0, "1", True, None],
    "updates": [-1, 2**63, 1.0],
    "whole": [1, None, "yes"],
    "traces": [None, b"c"],
    "spent_s": [float("nan"), -1],
    "curve": ["steep", {}],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_record_of_learning_checks_itself(name: str, value: object) -> None:
    fitting = Learnt("a" * 64, 0, 2**63 - 1, 0, False, "c" * 64, 1e300)
    with pytest.raises(ValueError, match=f"^{name}: .*; must be "):
        replace(fitting, **{name: value})  # type: ignore[arg-type]
