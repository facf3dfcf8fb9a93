"""Where a row comes from: machine, versions, revision."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from benchmarks.machine.limits import THREAD_VARIABLES

DISTRIBUTION = "t2bench"
_WITHOUT_ANSWERS = frozenset(("all", "dask", "docs", "parquet", "postgres", "test"))
"""The extras whose libraries decide no answer."""
_EXTRA = re.compile(r"extra == ['\"]([^'\"]+)['\"]")
_FALLBACK = (
    *("numpy", "scipy", "pandas", "pydantic", "numba", "pulp", "highspy", "cvxpy", "clarabel", "SQLAlchemy"),
    *("pyscipopt", "casadi", "torch", "safetensors", "gymnasium", "stable-baselines3", "diffusers", "scikit-learn"),
)
"""What to look for in a checkout without metadata."""


@cache
def provenance() -> dict[str, Any]:
    """The columns of a row that tell the machine, the versions and the revision; the same for a process's life."""
    return {
        "processor": processor(),
        "cores": cores(),
        "python": platform.python_version(),
        "t2bench_version": _version(DISTRIBUTION) or "unknown",
        "libraries": json.dumps(libraries(), sort_keys=True),
        "git_revision": git_revision(Path(__file__)),
    }


def processor() -> str:
    """The processor's model name."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def load() -> float | None:
    """Processes that ran or waited to run in the last minute, on average; None where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def threads_in_effect() -> dict[str, int | str | None]:
    """What this process lets libraries have: the variables they heed, and what loaded ones say themselves."""
    found: dict[str, int | str | None] = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    torch, numba = sys.modules.get("torch"), sys.modules.get("numba")
    if torch is not None:
        found["torch"] = torch.get_num_threads()
    if numba is not None:
        found["numba"] = numba.config.NUMBA_NUM_THREADS
    return found


def cores() -> int:
    """Logical processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def libraries() -> dict[str, str]:
    """Versions of the installed libraries that t2bench and its solvers, optional ones included, need."""
    try:
        needed = [one for one in requires(DISTRIBUTION) or [] if not _WITHOUT_ANSWERS.intersection(_EXTRA.findall(one))]
    except PackageNotFoundError:
        needed = list(_FALLBACK)
    names = {_name(requirement) for requirement in needed} - {DISTRIBUTION}
    found = {name: _version(name) for name in names}
    return {name: number for name, number in found.items() if number}


def _name(requirement: str) -> str:
    end = next((i for i, letter in enumerate(requirement) if not (letter.isalnum() or letter in "-_.")), None)
    return requirement[:end]


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def git_revision(file: Path) -> str | None:
    """The commit checked out where ``file`` is, ``-dirty`` after it if files differ; None if git does not know it."""
    try:
        _git(file.parent, "ls-files", "--error-unmatch", file.name)
        return _git(file.parent, "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*") or None
    except (OSError, subprocess.SubprocessError):
        return None


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
