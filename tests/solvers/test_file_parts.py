"""Solvers in files of a user's own, with what lies beside them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from solvers.file_parts import content_digest, load
from solvers.registry import find_part

PART = '''from dataclasses import dataclass

from my_helpers.numbers import ANSWER
from solvers.allocation.equal import EqualAllocation
import my_other


@dataclass(frozen=True)
class Mine(EqualAllocation):
    """Equal, with an answer of its own."""

    answer: int = ANSWER + my_other.MORE
'''


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "my_helpers").mkdir()
    (tmp_path / "my_helpers" / "__init__.py").touch()
    (tmp_path / "my_helpers" / "numbers.py").write_text("ANSWER = 40\n")
    (tmp_path / "my_other.py").write_text("MORE = 2\n")
    (tmp_path / "unrelated.py").write_text("raise SystemExit\n")
    path = tmp_path / "mine.py"
    path.write_text(PART)
    return path


def test_it_may_import_its_neighbours(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(file.parent.parent))  # so that what is appended here does not stay
    part = find_part(f"{file}:Mine")
    assert part().answer == 42  # type: ignore[union-attr, call-arg]


def test_a_changed_file_is_loaded_anew_in_the_same_process(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one that changes within a second, where its bytecode would be kept and taken for that of the change."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file.write_text("VALUE = 1\n")
    first = load(file)
    assert load(file) is first
    file.write_text("VALUE = 2\n")
    assert (first.VALUE, load(file).VALUE) == (1, 2)


def test_its_digest_covers_the_neighbours_that_it_imports_and_no_others(file: Path) -> None:
    first = content_digest(file)
    (file.parent / "unrelated.py").write_text("# changed\n")
    assert content_digest(file) == first
    seen = {first}
    for name in ("my_helpers/numbers.py", "my_helpers/__init__.py", "my_other.py", "mine.py"):
        with (file.parent / name).open("a") as source:
            source.write("# changed\n")
        seen.add(content_digest(file))
    assert len(seen) == 5


def test_its_digest_does_not_depend_on_where_it_lies(file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "my_helpers").mkdir(parents=True)
    for name in ("my_helpers/numbers.py", "my_helpers/__init__.py", "my_other.py", "mine.py"):
        (elsewhere / name).write_bytes((file.parent / name).read_bytes())
    assert content_digest(elsewhere / "mine.py") == content_digest(file)
