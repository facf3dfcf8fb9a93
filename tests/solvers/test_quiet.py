"""Libraries that print without being asked are not heard, and others are before and after."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import pytest

from solvers.quiet import printing_dropped, standard_output_dropped

Capture = pytest.CaptureFixture[str]


def written(words: str) -> None:
    """As C code writes: to both descriptors."""
    os.write(1, words.encode())
    os.write(2, words.encode())


def test_standard_output_alone(capfd: Capture) -> None:
    print("before ", end="")
    with standard_output_dropped():
        written("inside ")
    written("after")
    assert capfd.readouterr() == ("before after", "inside after")


def test_what_waits_in_python_is_dropped_as_well(capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(1, "w", closefd=False) as buffered:
        monkeypatch.setattr(sys, "stdout", buffered)
        print("before ", end="")
        with standard_output_dropped():
            print("inside ", end="")
        print("after", end="")
    assert capfd.readouterr() == ("before after", "")


def test_standard_error_too_and_even_where_something_fails(capfd: Capture) -> None:
    written("before ")
    with suppress(ZeroDivisionError), printing_dropped():
        written("inside ")
        _ = 1 // 0
    written("after")
    assert capfd.readouterr() == ("before after", "before after")
