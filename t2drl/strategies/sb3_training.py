"""A training by Stable-Baselines3 on traces of a scenario that no judge uses."""

from __future__ import annotations

from functools import partial

import numpy as np
import stable_baselines3
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.logger import Logger
from stable_baselines3.common.noise import NormalActionNoise
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

from problems.environments import SlotEnvironment
from problems.scenario import Scenario
from solvers.base import Budget
from t2drl.checkpoints.cache import out_of_time
from t2drl.world.traces import trace_digest

ENVS = 16
"""Traces played at once; one update follows a step of all of them."""
FIRST_STEPS = 1_024
"""Environment steps before the first update."""
NOISE = 0.1
"""Standard deviation of TD3's exploration: its default is none, with which it does not learn."""


class _RecordingEnvironment(SlotEnvironment):
    """Remembers which traces it has shown."""

    def __init__(self, scenario: Scenario, shown: set[str]) -> None:
        super().__init__(scenario=scenario)
        self._shown = shown

    def begin(self, seed: int | None) -> None:
        super().begin(seed)
        self._shown.add(trace_digest(self.instance.trace))


class _StopInTime(BaseCallback):
    """Stops where a time limit leaves no more for training."""

    def __init__(self, budget: Budget) -> None:
        super().__init__()
        self._budget = budget

    def _on_step(self) -> bool:
        return not out_of_time(self._budget)


def untrained(
    algorithm: str, scenario: Scenario, seed: int, shown: set[str] | None = None
) -> tuple[OffPolicyAlgorithm, VecNormalize]:
    """The learner before its first step, and its environments."""
    kept = set() if shown is None else shown
    environments = VecNormalize(DummyVecEnv([partial(_RecordingEnvironment, scenario, kept)] * ENVS))
    actions = environments.action_space.shape or (0,)
    noise = NormalActionNoise(np.zeros(actions), NOISE * np.ones(actions)) if algorithm == "TD3" else None
    kind = getattr(stable_baselines3, algorithm)
    learner = kind(
        "MlpPolicy",
        environments,
        learning_starts=FIRST_STEPS,
        train_freq=1,
        gradient_steps=1,
        action_noise=noise,
        buffer_size=50_000,
        seed=seed,
        device="cpu",
    )
    learner.set_logger(Logger(folder=None, output_formats=[]))  # its own makes a folder that nobody asked for
    return learner, environments


def learn(
    algorithm: str, scenario: Scenario, length: int, seed: int, budget: Budget
) -> tuple[OffPolicyAlgorithm, VecNormalize, set[str]]:
    """The learner after ``length`` steps of all environments, its scales, and the digests of the traces it saw."""
    shown: set[str] = set()
    learner, environments = untrained(algorithm, scenario, seed, shown)
    learner.learn(length * ENVS, callback=_StopInTime(budget))
    return learner, environments, shown
