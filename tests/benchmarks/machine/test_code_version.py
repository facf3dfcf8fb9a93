"""A cell's address changes with the code that answers it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.machine.code_version import PACKAGES, code_version
from tests.places import ROOT


def version_in(folder: Path) -> str:
    code = "from benchmarks.machine.code_version import code_version; print(code_version('exhaustive'))"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout


def test_it_changes_with_a_file_solver(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("a = 1\n")
    first = code_version(f"{file}:Mine")
    file.write_text("a = 2\n")
    assert code_version(f"{file}:Mine") != first
    assert code_version("exhaustive") not in (first, code_version(f"exhaustive+{file}:Mine"))


def test_it_changes_with_the_sources_and_with_nothing_else(tmp_path: Path) -> None:
    for package in (*PACKAGES, "benchmarks"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    same = version_in(tmp_path)
    assert same == version_in(ROOT)
    (tmp_path / "benchmarks" / "engine.py").write_text("# another harness\n")
    assert version_in(tmp_path) == same
    with (tmp_path / "solvers" / "allocation" / "exact.py").open("a") as source:
        source.write("# another solver\n")
    assert version_in(tmp_path) != same
