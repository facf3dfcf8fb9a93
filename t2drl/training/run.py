"""A training from beginning to end, and how long one may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from problems.scenario import Scenario
from t2drl.settings import Settings
from t2drl.training.loop import Training
from t2drl.training.recorder import CurveRecorder
from t2drl.world.device import CPU

TRIAL_SLOTS = 160


def _never() -> bool:
    return False


def train(
    scenarios: Sequence[Scenario],
    settings: Settings,
    length: int,
    seed: int = 0,
    stop: Callable[[], bool] = _never,
) -> Training:
    """Train on traces of the scenarios until ``length`` slots are played, or ``stop()`` says so after a frame.

    The learning curve is recorded. Raises what :class:`Training` does.
    """
    training = Training(scenarios, settings, length, seed)
    recorder = CurveRecorder(training)
    recorder.record_if_due()
    while not training.done and not stop():
        training.play_frame()
        recorder.record_if_due()
    return training


def length_for(scenarios: Sequence[Scenario], settings: Settings, cpu_s: float, device: torch.device = CPU) -> int:
    """About how many slots all traces can play in a training of ``cpu_s`` CPU seconds on this machine.

    Measured on two trainings too short to matter: one of the allocator alone, one in the nested loops.
    """
    seconds = 0.0
    for warmup in (1.0, 0.0):
        trial = Training(scenarios, replace(settings, warmup=warmup), TRIAL_SLOTS, seed=0, device=device)
        while not trial.done:
            if trial.counts.played < TRIAL_SLOTS // 2:  # before the first updates, and while caches are cold
                began, first = trial.counts.cpu_s, trial.counts.played
            trial.play_frame()
        share = settings.warmup if warmup else 1.0 - settings.warmup
        seconds += share * (trial.counts.cpu_s - began) / max(trial.counts.played - first, 1)
    return max(1, round(cpu_s / seconds))
