"""Libraries that print without being asked are not heard, and others are before and after."""

from __future__ import annotations

import os
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


def test_standard_error_too_and_even_where_something_fails(capfd: Capture) -> None:
    written("before ")
    with suppress(ZeroDivisionError), printing_dropped():
        written("inside ")
        _ = 1 // 0
    written("after")
    assert capfd.readouterr() == ("before after", "before after")
