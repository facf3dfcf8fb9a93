"""Learners of another library on the same environment: TD3 and SAC of Stable-Baselines3 (extra ``sb3``)."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from problems.episode import Slots
from problems.instance import Instance
from problems.scenario import Scenario
from solvers.base import AllocationStrategy, Budget, Report, Unsuitable
from solvers.extras import require
from t2drl.strategies.allocation_learner import AllocationLearner
from t2drl.strategies.source import demand_to_train_on, record, say

if TYPE_CHECKING:
    from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
    from stable_baselines3.common.vec_env import VecNormalize
    from torch import Tensor

require("sb3")

FORMAT = "t2bench-outside-agent"


@dataclass(frozen=True, eq=False)
class Policy(AllocationStrategy):
    """A trained network that splits slots."""

    actor: OffPolicyAlgorithm
    mean: np.ndarray
    variance: np.ndarray
    header: dict[str, Any]

    @property
    def sha256(self) -> str:
        """Of the content; equal for equal trainings."""
        return str(self.header["sha256"])

    def allocate(self, slots: Slots) -> tuple[np.ndarray, np.ndarray]:
        """Bandwidth (B, N) and steps (B, N), without exploration."""
        from problems.environments import amended, observed

        observation = np.clip((observed(slots) - self.mean) / np.sqrt(self.variance + 1e-8), -10.0, 10.0)
        action, _ = self.actor.predict(observation.astype(np.float32), deterministic=True)
        return amended(slots, action.astype(float))


@dataclass(frozen=True)
class _Sb3Learner(AllocationLearner):
    """What both share: training on ``t2bench/Slot-v0`` of the scenario, under random caches, with the defaults.

    Observations and rewards are normalised by their running mean and variance; an update follows every slot that the
    traces play.
    """

    imports: ClassVar[tuple[str, ...]] = ("torch", "stable_baselines3")
    algorithm: ClassVar[str]

    @property
    def agent_key(self) -> Hashable:
        """All of its settings."""
        return self

    def train(self, instance: Instance, budget: Budget, report: Report) -> Policy:
        """The trained network. Raises Unsuitable."""
        from t2drl.checkpoints.cache import load_or_train
        from t2drl.world.traces import trace_digest

        began = time.monotonic()
        scenario = demand_to_train_on(instance)

        def make(place: Any) -> Path:
            return self._train(scenario, budget, place)

        whole, cut = (self._key(scenario, limit) for limit in (None, budget.time_limit_s))
        found = load_or_train(whole, cut, budget, make, lambda path: self._read(scenario, path), say)
        if trace_digest(instance.trace) in found.header["traces"]["digests"]:
            raise Unsuitable("the agent was trained on this very trace")
        report.learnt(record(found.header, found.sha256, time.monotonic() - began))
        return found

    def trained(self, agent: Policy) -> AllocationStrategy:
        """The trained network, which is a strategy."""
        return agent

    def _key(self, scenario: Scenario, limit_s: float | None) -> str:
        from t2drl.checkpoints.cache import code_digest

        content = {**asdict(self), "algorithm": self.algorithm, "scenario": scenario.model_dump(mode="json")}
        content |= {"limit_s": limit_s, "code": code_digest(), "library": version("stable_baselines3")}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]

    def _train(self, scenario: Scenario, budget: Budget, place: Any) -> Path:
        import torch

        from t2drl.checkpoints.tensor_file import write_tensors
        from t2drl.strategies.sb3_training import learn

        torch.set_num_threads(1)
        began = time.process_time()
        with torch.random.fork_rng(devices=[]):
            learner, scales, digests = learn(self.algorithm, scenario, self.train_steps, self.seed, budget)
        played = learner.num_timesteps // learner.n_envs
        counts = {"played": played, "slots": learner.num_timesteps, "frames": 0, "slot_updates": learner._n_updates}
        header = {
            "algorithm": self.algorithm,
            "scenarios": [scenario.model_dump(mode="json")],
            "seed": self.seed,
            "length": self.train_steps,
            "counts": {**counts, "frame_updates": 0, "cpu_s": time.process_time() - began},
            "traces": {"digests": sorted(digests)},
            "versions": {name: version(name) for name in ("t2bench", "torch", "stable_baselines3")},
        }
        path: Path = place(played >= self.train_steps)
        write_tensors(path, FORMAT, _tensors(learner, scales), header)
        return path

    def _read(self, scenario: Scenario, path: Path) -> Policy:
        from t2drl.checkpoints.tensor_file import read_tensors
        from t2drl.strategies.sb3_training import untrained

        tensors, header = read_tensors(path, FORMAT)
        learner, _ = untrained(self.algorithm, scenario, self.seed)
        learner.policy.load_state_dict({name: tensors[f"policy.{name}"] for name in learner.policy.state_dict()})
        return Policy(learner, tensors["mean"].numpy(), tensors["variance"].numpy(), header)


def _tensors(learner: OffPolicyAlgorithm, scales: VecNormalize) -> dict[str, Tensor]:
    import torch
    from stable_baselines3.common.running_mean_std import RunningMeanStd

    policy = {f"policy.{name}": value.detach().clone() for name, value in learner.policy.state_dict().items()}
    running = scales.obs_rms
    assert isinstance(running, RunningMeanStd)
    return {**policy, "mean": torch.from_numpy(running.mean.copy()), "variance": torch.from_numpy(running.var.copy())}


@dataclass(frozen=True)
class Td3(_Sb3Learner):
    """Bandwidth and steps by twin-delayed DDPG of Stable-Baselines3, an outside learner on the same environment.

    Two hidden layers of 400 and 300 units over all users at once. Feasible always; no promise of quality.
    """

    algorithm = "TD3"


@dataclass(frozen=True)
class Sac(_Sb3Learner):
    """Bandwidth and steps by the soft actor-critic of Stable-Baselines3, an outside learner on the same environment.

    Two hidden layers of 256 units over all users at once. Feasible always; no promise of quality.
    """

    algorithm = "SAC"
