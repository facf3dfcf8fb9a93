"""The arrows between the rooms are held: import-linter finds one that runs up, and a circle."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ROOT

ROOMS = ("problems", "solvers", "t2drl", "benchmarks", "reports", "t2bench")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms with their contracts."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "*.json", "*.csv"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_no_arrow_runs_up_and_there_is_no_circle() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def plant(file: Path, line: str) -> None:
    file.write_text(f"{file.read_text()}\n{line}\n")


def test_an_arrow_that_runs_up_is_found(copy: Path) -> None:
    plant(copy / "problems" / "status.py", "import reports.report")
    done = lint(copy)
    assert done.returncode == 1
    assert "problems is not allowed to import reports" in done.stdout


def test_a_circle_of_files_is_found(copy: Path) -> None:
    plant(copy / "problems" / "scenario.py", "import problems.judge")
    done = lint(copy)
    assert done.returncode == 1
    assert "No cycles are allowed in problems" in done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_typed_for_its_users(room: str) -> None:
    assert (ROOT / room / "py.typed").is_file()
    assert f'"{room}' in (ROOT / "pyproject.toml").read_text()
