"""An exception is placed in the user's own file, at the innermost line of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.process.user_code import Place, made, place_in, user_files
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


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("import os\n\nos.nonesuch()\n", r"fails on import: .* \(bad\.py:3\)"),
        ("def broken(:\n", r"fails on import: SyntaxError: .*\(bad\.py, line 1\)"),
        (f"{MINE}\n    def __post_init__(self):\n        {{}}[0]\n", r"bad\.py:Mine cannot be made: .* \(bad\.py:20\)"),
    ],
    ids=["import", "syntax", "making"],
)
def test_a_complaint_about_a_file_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, words: str
) -> None:
    (tmp_path / "bad.py").write_text(content)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=rf"{words}$"):
        made("static+bad.py:Mine", {})


def test_what_is_wrong_elsewhere_stays_as_it_is() -> None:
    with pytest.raises(InputError, match=r"^solver static: setting depth: unknown; it has no settings$"):
        made("static", {"depth": 3})
    with pytest.raises(InputError, match="did you mean 'static'"):
        made("statik", {})
