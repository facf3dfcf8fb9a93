"""Agents for the tests: trained once, for seconds, in a cache of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from problems.families.drawn import family_scenario
from problems.scenario import Scenario
from t2drl.checkpoints.checkpoint import read_unfinished, write_unfinished
from t2drl.settings import Settings, fast
from t2drl.training.loop import Training
from t2drl.training.run import train

torch.set_num_threads(1)


def tiny_settings(**changes: object) -> Settings:
    """A training that takes next to nothing and goes through everything."""
    small = {"width": 16, "cache_width": 16, "envs": 16, "batch": 32, "training_slots": 512, "replay": 2_000}
    return fast(**{**small, **changes})


def interrupted(training: Training, stops: Sequence[int], folder: Path) -> Training:
    """The training played to its end, but written, forgotten and read again at each of the stops."""
    for stop in stops:
        while training.counts.played < stop:
            training.play_frame()
        write_unfinished(training, folder / "half")
        training = read_unfinished(folder / "half")
    while not training.done:
        training.play_frame()
    return training


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
