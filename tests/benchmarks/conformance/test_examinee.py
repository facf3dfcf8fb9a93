"""A solver is examined by its name, and only if all of it is there."""

from __future__ import annotations

import pytest

from benchmarks.conformance.examinee import Examinee
from benchmarks.conformance.kit import examine
from problems.io.errors import InputError
from tests.benchmarks.conformance.support import examinee


def test_what_is_not_installed_is_said() -> None:
    with pytest.raises(InputError, match="not installed: pip install unobtainium"):
        list(examine(examinee("Missing")))


def test_an_allocation_strategy_is_paired() -> None:
    assert Examinee.named("equal", {}, 1.0, 1.0).solver == "exhaustive+equal"
    assert Examinee.named("none+equal", {}, 1.0, 1.0).solver == "none+equal"
