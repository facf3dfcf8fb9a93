"""Where compiled kernels are kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solvers import kernel

PACKAGE = Path(kernel.__file__).parents[1]


def folder_of(package: Path, cache: Path) -> Path:
    """What a process that takes the packages from ``package`` says."""
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(package)}
    code = "from solvers.kernel import folder; print(folder())"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=package, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return Path(done.stdout.strip())


def test_a_change_in_any_kernel_makes_another_folder(tmp_path: Path) -> None:
    for package in ("solvers", "problems"):
        shutil.copytree(PACKAGE / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    cache = tmp_path / "cache"
    first = folder_of(tmp_path, cache)
    assert first.parent == cache
    assert folder_of(tmp_path, cache) == first
    (tmp_path / "solvers" / "registry.py").open("a").write("# no kernel\n")
    assert folder_of(tmp_path, cache) == first
    (tmp_path / "solvers" / "slot" / "logarithm.py").open("a").write("# other\n")
    assert folder_of(tmp_path, cache) != first


def test_old_kernels_are_removed_and_recent_ones_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    for name, age_s in (("kernels-old", 2 * kernel.KEPT_S), ("kernels-new", 60.0), ("another", 2 * kernel.KEPT_S)):
        (tmp_path / name).mkdir()
        then = time.time() - age_s
        os.utime(tmp_path / name, (then, then))
    kernel.folder.cache_clear()
    now = kernel.folder()
    kernel.folder.cache_clear()
    assert {path.name for path in tmp_path.iterdir()} == {now.name, "kernels-new", "another"}


def test_without_a_place_to_write_to_they_are_kept_for_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/dev/null")
    kernel.folder.cache_clear()
    place = kernel.folder()
    kernel.folder.cache_clear()
    assert place.is_dir()
    place.rmdir()
