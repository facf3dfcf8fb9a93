"""An exception is placed in the user's own file, at the innermost line of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.process.user_code import Place, located, place_in, user_files
from problems.io.errors import InputError
from solvers.caching.static import StaticCaching
from solvers.registry import make_solver
from solvers.two_timescale import TwoTimescale

MINE = """\
from dataclasses import dataclass

import numpy as np

from solvers.base import AllocationStrategy


def half(values):
    return np.linalg.inv(values)


@dataclass(frozen=True)
class Mine(AllocationStrategy):
    def allocate(self, slots):
        return half(
            np.zeros((2, 2))
        ), slots.request
"""


def raised(call: Callable[[], object]) -> BaseException:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any
        call()
    return caught.value


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def test_the_innermost_line_of_the_file_counts(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not that of the library which the file calls."""
    monkeypatch.chdir(mine.parent)
    name = "static+mine.py:Mine"
    solver = make_solver(name)
    assert isinstance(solver, TwoTimescale)
    error = raised(lambda: solver.allocation.allocate(None))  # type: ignore[arg-type]
    assert type(error).__name__ == "LinAlgError"
    assert str(place_in(error, user_files(name))) == "mine.py:9"
    assert place_in(error, user_files("static")) is None


@dataclass(frozen=True)
class Own(StaticCaching):
    """A class of this file, found without a name that tells the file."""

    def plan(self, *_: object) -> None:  # type: ignore[override]
        raise ValueError("no plan")


def test_a_part_made_elsewhere_is_found_by_its_class() -> None:
    solver = TwoTimescale(Own(), make_solver("static").allocation)  # type: ignore[attr-defined]
    error = raised(solver.caching.plan)  # type: ignore[arg-type]
    assert place_in(error, user_files("mine", solver)) == Place(__file__, Own.plan.__code__.co_firstlineno + 1)
    assert user_files("static", make_solver("static")) == {}


def test_a_complaint_about_an_import_says_where(mine: Path) -> None:
    mine.write_text("import os\n\nos.nonesuch()\n")
    name = f"{mine}:Mine"
    error = raised(lambda: make_solver(name))
    assert isinstance(error, InputError)
    assert str(located(error, name)).endswith(f" ({mine}:3)")
    assert located(error, "static") is error


def test_what_its_own_words_place_is_not_placed_again(mine: Path) -> None:
    mine.write_text("def broken(:\n")
    error = raised(lambda: make_solver(f"{mine}:Mine"))
    assert isinstance(error, InputError)
    assert "mine.py, line 1" in str(error)
    assert located(error, f"{mine}:Mine") is error
