"""Trainings for the tests, that take next to nothing and go through everything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from problems.scenario import Scenario
from t2drl.checkpoints.checkpoint import read_unfinished, write_unfinished
from t2drl.settings import Settings, fast
from t2drl.training.loop import Training

TINIEST = {
    "width": 8,
    "cache_width": 8,
    "envs": 8,
    "batch": 16,
    "training_slots": 64,
    "replay": 500,
    "cache_replay": 500,
}
"""Settings of a training of which nothing but the way is looked at."""


def tiny_settings(**changes: object) -> Settings:
    """The fast configuration made small."""
    small = {"width": 16, "cache_width": 16, "envs": 16, "batch": 32, "training_slots": 512, "replay": 2_000}
    return fast(**{**small, **changes})


def played(scenarios: Sequence[Scenario], settings: Settings, length: int, seed: int = 0) -> Training:
    """A training played to its end, and measured by nobody."""
    training = Training(scenarios, settings, length, seed)
    while not training.done:
        training.play_frame()
    return training


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


def with_former_names(header: dict[str, Any]) -> dict[str, Any]:
    """A header as version 0.1 wrote it."""
    settings = dict(header["settings"])
    settings["told"], settings["scatter"] = settings.pop("observes_demand"), settings.pop("uniform_share")
    return {**header, "settings": settings}
