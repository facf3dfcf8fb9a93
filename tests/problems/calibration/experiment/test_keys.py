"""What is kept is found again as long as nothing that decides it has changed."""

from __future__ import annotations

import pytest

from problems.calibration.experiment import keys
from problems.calibration.experiment.keys import key_of


def test_the_parts_decide_and_so_do_the_modules_and_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    first = key_of("a", 1, modules=("digits",))
    assert key_of("a", 1, modules=("digits",)) == first
    assert len(first) == 12
    others = {key_of("a", 2, modules=("digits",)), key_of("a", 1, modules=("digits", "networks")), key_of("a", 1)}
    monkeypatch.setattr(keys, "version", lambda name: "another")
    others.add(key_of("a", 1, modules=("digits",)))
    assert len(others | {first}) == 5
