"""Agents for the tests: trained once, for seconds, in a cache of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from problems.families import family_scenario
from problems.scenario import Scenario
from t2drl.settings import Settings, fast
from t2drl.train import train
from t2drl.training import Training

torch.set_num_threads(1)


def tiny_settings(**changes: object) -> Settings:
    """A training that takes next to nothing and goes through everything."""
    small = {"width": 16, "cache_width": 16, "envs": 16, "batch": 32, "training_slots": 512, "replay": 2_000}
    return fast(**{**small, **changes})


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
    return train((small,), fast(), 600, seed=1)
