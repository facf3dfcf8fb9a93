"""Kernels are compiled before any cell needs them, and whoever waits is told so once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from problems.instance import write_instance
from solvers.kernel import LINE
from tests.cases import sampled
from tests.places import ROOT

PRELOAD = "from benchmarks.process.preload import preload; print(preload(['exhaustive']))"
SOLVE = """
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from solvers import kernel
from solvers.base import Budget, Silent
from solvers.registry import make_solver
make_solver("milp").solve(sample_instance(family_scenario("deadline", 0), 0), Budget(time_limit_s=3.0), Silent())
print(kernel.compiled())
"""


def python(cache: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """An interpreter that keeps compiled kernels in ``cache``."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=250)


@pytest.mark.slow
def test_it_compiles_once_what_solvers_need_later(tmp_path: Path) -> None:
    first, again, solved = (python(tmp_path, "-c", code) for code in (PRELOAD, PRELOAD, SOLVE))
    assert (first.stdout, first.stderr) == ("True\n", f"{LINE}\n")
    assert (again.stdout, again.stderr) == ("False\n", "")
    assert solved.stdout == "False\n"


@pytest.mark.slow
@pytest.mark.parametrize("kept", [True, False])
def test_a_command_says_once_that_it_compiles(tmp_path: Path, kept: bool) -> None:
    """Also where no kernel can be kept, so that each process has to compile."""
    write_instance(sampled("tiny"), tmp_path / "a.json")
    words = ["solve", str(tmp_path / "a.json"), "--solver", "exhaustive", "-o", str(tmp_path / "s.json")]
    done = python(tmp_path / "cache" if kept else Path(os.devnull), "-m", "t2bench.cli.main", *words)
    assert done.stderr == f"{LINE}\n"
