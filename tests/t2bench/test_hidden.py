"""A folder of the user's that hides a package of t2bench is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from t2bench.hidden import PACKAGES, hidden_package
from tests.t2bench.hiding import hide

SCRIPT = Path(sys.executable).with_name("t2bench")


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("kind", ["package", "module"])
def test_the_import_names_what_hides_a_package(tmp_path: Path, package: str, kind: str) -> None:
    hiding = hide(tmp_path, package, kind)
    done = run(tmp_path, sys.executable, "-c", "import t2bench")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"ImportError: {hiding} hides the package {package} of t2bench (")


@pytest.mark.parametrize("kind", ["package", "folder"])
def test_the_module_says_one_line_and_ends_as_for_bad_input(tmp_path: Path, kind: str) -> None:
    hiding = hide(tmp_path, "solvers", kind)
    done = run(tmp_path, sys.executable, "-m", "t2bench", "--version")
    if kind == "folder" and done.returncode == 0:
        pytest.skip("t2bench lies on the path itself, where a folder without __init__.py hides nothing")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"t2bench: {hiding} hides the package solvers of t2bench (")
    assert line.endswith("rename it, or start Python elsewhere")


def test_the_script_works_there_and_says_the_line_where_the_path_is_the_users(tmp_path: Path) -> None:
    hiding = hide(tmp_path, "solvers", "package")
    assert run(tmp_path, str(SCRIPT), "families").returncode == 0
    done = run(tmp_path, str(SCRIPT), "families", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.startswith(f"t2bench: {hiding} hides the package solvers of t2bench (")
    assert len(done.stderr.splitlines()) == 1


def test_a_solve_with_processes_of_its_own_works_there(tmp_path: Path) -> None:
    hide(tmp_path, "solvers", "package")
    hide(tmp_path, "benchmarks", "module")
    for command in (["sample", "tiny", "-o", "a.json"], ["solve", "a.json", "--solver", "lru", "-o", "s.json"]):
        done = run(tmp_path, str(SCRIPT), *command)
        assert done.returncode == 0, done


def test_nothing_is_hidden_here() -> None:
    assert hidden_package() is None
