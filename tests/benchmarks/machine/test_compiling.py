"""Whoever has to wait for kernels is told so, once."""

from __future__ import annotations

import pytest
from numba import njit

from benchmarks.machine.compiling import LINE, compiling_announced


def test_compiling_is_announced_once(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (njit(lambda x, y=factor: x * y) for factor in (2, 3))
    with compiling_announced():
        assert (first(1), first(1.5), second(1)) == (2, 3.0, 3)
    assert capsys.readouterr().err == f"{LINE}\n"


def test_what_is_compiled_already_is_not_announced(capsys: pytest.CaptureFixture[str]) -> None:
    double = njit(lambda x: 2 * x)
    double(1)
    with compiling_announced():
        assert double(2) == 4
    double(1.5)
    assert capsys.readouterr().err == ""


def test_it_tells_whether_anything_was_compiled() -> None:
    double = njit(lambda x: 2 * x)
    for expected in (True, False):
        with compiling_announced() as compiled:
            assert not compiled()
            double(1)
            assert compiled() == expected
