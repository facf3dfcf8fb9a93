"""Where compiled kernels are kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from numba import njit

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


@pytest.fixture
def announcer(monkeypatch: pytest.MonkeyPatch) -> kernel._Announcer:
    """As in a process that has compiled nothing yet."""
    monkeypatch.setattr(kernel._announcer, "compiled", False)
    monkeypatch.setattr(kernel._announcer, "silent", False)
    return kernel._announcer


def test_compiling_is_announced_once_and_what_is_compiled_already_not(
    announcer: kernel._Announcer, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (njit(lambda x, y=factor: x * y) for factor in (2, 3))
    announcer.kernels |= {first.py_func, second.py_func}
    assert not kernel.compiled()
    assert (first(1), first(1.5), second(1), first(2)) == (2, 3.0, 3, 4)
    assert kernel.compiled()
    assert capsys.readouterr().err == f"{kernel.LINE}\n"


def test_the_loops_of_others_are_their_own_affair(
    announcer: kernel._Announcer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert njit(lambda x: 2 * x)(1) == 2
    assert not kernel.compiled()
    assert capsys.readouterr().err == ""


def test_whoever_compiles_silently_says_nothing(
    announcer: kernel._Announcer, capsys: pytest.CaptureFixture[str]
) -> None:
    double = njit(lambda x: 2 * x)
    announcer.kernels.add(double.py_func)
    kernel.compile_silently()
    assert double(1) == 2
    assert kernel.compiled()
    assert capsys.readouterr().err == ""
