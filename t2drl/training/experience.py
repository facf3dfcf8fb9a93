"""What was played in one environment: its replay buffers, and the transitions that updates learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch

from t2drl.algorithms import d3pg, ddqn
from t2drl.algorithms.networks import ACTION_FEATURES
from t2drl.settings import Settings
from t2drl.world.environment import Environment
from t2drl.world.replay_buffer import ReplayBuffer
from t2drl.world.rng import Rng


@dataclass(frozen=True, eq=False)
class Experience:
    """An environment and what is remembered of it."""

    environment: Environment
    slots: ReplayBuffer
    """The row of the slot, the cache it was under (M,), the features of its action (N, 4) and its reward (N,)."""
    frames: ReplayBuffer
    """The trace and the frame, the cache held before it (M,), the number of the cache chosen and the reward."""

    @classmethod
    def empty(cls, environment: Environment, settings: Settings, sharers: int, device: torch.device) -> Self:
        """With its part of the memory that the settings allow for ``sharers`` environments together."""
        scenario = environment.scenario
        number, real = torch.zeros((), dtype=torch.long), torch.zeros(())
        cache = torch.zeros(len(scenario.models), dtype=torch.bool)
        action = torch.zeros((scenario.users, ACTION_FEATURES))
        slots = {"row": number, "cache": cache, "action": action, "reward": action[:, 0]}
        frames = {"trace": number, "frame": number, "before": cache, "action": number, "reward": real}
        return cls(
            environment,
            ReplayBuffer(max(1, settings.replay // sharers), device, **slots),
            ReplayBuffer(max(1, settings.cache_replay // sharers), device, **frames),
        )

    def slot_transitions(self, count: int, with_next: bool, rng: Rng) -> d3pg.Transitions:
        """``count`` slots drawn at random, ``with_next`` with those that came next in their frames."""
        slots_a_frame, training_slots = self.environment.scenario.slots, self.environment.slots
        drawn = self.slots.sample(count, rng)
        row, cache = drawn["row"], drawn["cache"]
        slots, observation = training_slots.under(row, cache)
        following = None
        if with_next:
            done = (row + 1) % slots_a_frame == 0
            following = d3pg.NextSlots(*training_slots.under(row + ~done, cache), done.float())
        return d3pg.Transitions(slots, observation, drawn["action"], drawn["reward"], following)

    def frame_transitions(self, count: int, rng: Rng) -> ddqn.Transitions:
        """``count`` frames drawn at random."""
        environment = self.environment
        drawn = self.frames.sample(count, rng)
        trace, frame, action = drawn["trace"], drawn["frame"], drawn["action"]
        return ddqn.Transitions(
            observation=environment.frames.observation(trace, frame, drawn["before"]),
            action=action,
            reward=drawn["reward"],
            next_observation=environment.frames.observation(trace, frame + 1, environment.caches[action]),
            done=(frame + 1 == environment.scenario.frames).float(),
            caches=environment.caches.float(),
        )
