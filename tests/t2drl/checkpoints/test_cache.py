"""The cache of agents: the name of one changes with all that decides it, and a time limit with its training."""

from __future__ import annotations

import importlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from problems.families.named import family_scenario
from solvers.base import Budget
from t2drl.checkpoints import cache as agent_cache
from t2drl.checkpoints.cache import LIBRARIES, code_digest, trained
from t2drl.training.recorder import MOST_POINTS
from tests.t2drl.trainings import tiny_settings


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """The digest is taken once a process."""
    code_digest.cache_clear()
    yield
    code_digest.cache_clear()


def digest() -> str:
    code_digest.cache_clear()
    return code_digest()


@pytest.mark.parametrize(
    ("package", "file"),
    [
        ("problems", "families/sampling.py"),
        ("solvers", "frame/belief.py"),
        ("solvers", "frame/stage_costs.py"),
        ("solvers", "slot/steps.py"),
        ("t2drl", "algorithms/d3pg.py"),
    ],
)
def test_it_changes_with_a_source(package: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, module = digest(), importlib.import_module(package)
    shutil.copytree(module.__path__[0], tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "__path__", [str(tmp_path / package)])
    assert digest() == first
    with (tmp_path / package / file).open("a") as source:
        source.write("# another\n")
    assert digest() != first


def test_it_changes_with_where_a_source_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("solvers")
    shutil.copytree(module.__path__[0], tmp_path / "solvers", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "__path__", [str(tmp_path / "solvers")])
    found = set()
    for folder in ("allocation", "caching"):
        (tmp_path / "solvers" / folder / "last.py").touch()
        found.add(digest())
        (tmp_path / "solvers" / folder / "last.py").unlink()
    assert len(found) == 2


@pytest.mark.parametrize("library", ["torch", "numpy"])
def test_it_changes_with_the_version_of_a_library(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert library in LIBRARIES
    first, version = digest(), agent_cache.version
    monkeypatch.setattr(agent_cache, "version", lambda name: "0" if name == library else version(name))
    assert digest() != first


def test_a_training_that_is_cut_short_keeps_what_it_has() -> None:
    budget = Budget(time_limit_s=2.0)
    found = trained((family_scenario("tiny", 0),), tiny_settings(), 1_000_000, 0, budget, lambda words: None)
    assert 1 <= len(found.header["curve"]["cpu_s"]) < MOST_POINTS


def test_where_the_system_has_no_locks_an_agent_is_trained_and_kept_all_the_same(
    cache_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    lines: list[str] = []
    for _ in range(2):
        trained((family_scenario("tiny", 0),), tiny_settings(), 4, 0, Budget(), lines.append)
    assert len(list(cache_folder.rglob("*.safetensors"))) == 1
    assert "from" in lines[-1]
