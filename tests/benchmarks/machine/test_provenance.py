"""A row says where it comes from, and nothing that is not so."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest

from benchmarks.machine import provenance as module
from benchmarks.machine.limits import THREAD_VARIABLES
from benchmarks.machine.provenance import git_revision, libraries, provenance
from benchmarks.matrix.matrix import SolverEntry
from tests.benchmarks.stores import rows_of


def git(folder: Path, *words: str) -> str:
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    command = ["git", "-C", str(folder), *words]
    done = subprocess.run(command, env={**os.environ, **identity}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_versions_are_those_in_use() -> None:
    row = provenance()
    assert json.loads(row["libraries"])["numpy"] == np.__version__
    assert row["cores"] >= 1
    assert row["processor"]
    assert row["python"].startswith("3.")


OPTIONAL = {
    *("pyscipopt", "casadi", "torch", "safetensors", "gymnasium", "stable-baselines3", "diffusers", "scikit-learn"),
}


@pytest.mark.parametrize("distribution", sorted(OPTIONAL))
def test_a_row_tells_the_version_of_an_optional_solver(distribution: str) -> None:
    try:
        installed = version(distribution)
    except PackageNotFoundError:
        pytest.skip(f"needs {distribution}")
    row = rows_of(SolverEntry(name="none"), trace_seeds=(0,))[0].cell
    assert json.loads(row["libraries"])[distribution] == installed


@pytest.mark.parametrize("metadata", [True, False])
def test_every_library_that_can_answer_is_told_and_no_other(monkeypatch: pytest.MonkeyPatch, metadata: bool) -> None:
    monkeypatch.setattr(module, "_version", lambda distribution: "1.2")
    if not metadata:
        monkeypatch.setattr(module, "requires", _no_metadata)
    told = libraries()
    assert set(told.values()) == {"1.2"}
    assert OPTIONAL | {"numpy", "highspy", "clarabel"} <= told.keys()
    assert not {"t2bench", "pytest", "mkdocs", "pyarrow", "distributed", "psycopg", "tensorboard"} & told.keys()


def _no_metadata(distribution: str) -> list[str]:
    raise PackageNotFoundError(distribution)


def test_a_row_tells_how_busy_and_how_fast_the_machine_was() -> None:
    row = rows_of(SolverEntry(name="none"))[0].cell
    assert row["load_before"] >= 0
    assert row["load_after"] >= 0
    assert 0 < row["micro_solve_s"] < 1
    assert all(row[name] is None or row[name] >= 0 for name in ("stalled_s", "waited_s"))


def test_a_row_tells_how_many_threads_its_libraries_could_have() -> None:
    threads = json.loads(rows_of(SolverEntry(name="exhaustive"))[0].cell["threads"])
    assert {name: threads[name] for name in THREAD_VARIABLES} == dict.fromkeys(THREAD_VARIABLES, "1")
    assert threads["numba"] == 1


def test_a_revision_is_that_of_the_file_and_says_when_files_differ(tmp_path: Path) -> None:
    tracked, untracked = tmp_path / "tracked.py", tmp_path / "untracked.py"
    for file in (tracked, untracked):
        file.write_text("1\n")
    assert git_revision(tracked) is None
    git(tmp_path, "init")
    git(tmp_path, "add", "tracked.py")
    git(tmp_path, "commit", "-m", "first")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert git_revision(tracked) == head
    assert git_revision(untracked) is None
    tracked.write_text("2\n")
    assert git_revision(tracked) == f"{head}-dirty"
