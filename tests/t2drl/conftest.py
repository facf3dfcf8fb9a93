"""Agents for the tests: trained once, for seconds, in a cache of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from problems.families.named import family_scenario
from problems.scenario import Scenario
from t2drl.settings import fast
from t2drl.training.loop import Training
from tests.t2drl.trainings import played

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's agents are used or kept."""
    monkeypatch.setenv("T2BENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def small() -> Scenario:
    return family_scenario("small", 0)


@pytest.fixture(scope="session")
def learnt(small: Scenario) -> Training:
    """A few seconds of the shipped configuration."""
    return played((small,), fast(), 600, seed=1)
