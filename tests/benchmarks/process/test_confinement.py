"""What the system enforces where nobody watches."""

from __future__ import annotations

import pytest

from benchmarks.process import watch
from problems.instance import Instance
from tests.benchmarks.cells import assert_burnt, burn


def test_the_system_stops_what_is_not_watched(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "cpu_s", lambda _: 0.0)
    assert_burnt(burn(instance, "Burns"), instance)
