"""What the tests of cells share."""

from __future__ import annotations

import pytest

from benchmarks.process import watch
from problems.instance import Instance
from tests.cases import sampled


@pytest.fixture(scope="session")
def instance() -> Instance:
    """Of the family tiny."""
    return sampled("tiny")


@pytest.fixture
def quick_kill(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver is killed soon after its time limit."""
    monkeypatch.setattr(watch, "GRACE_S", 0.1)
