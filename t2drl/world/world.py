"""One scenario of a training: its traces, its feasible caches, where play stands and what is remembered of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from problems.scenario import Scenario
from t2drl.algorithms.networks import SEEN_ACTION
from t2drl.settings import Settings
from t2drl.world.caches import feasible_caches
from t2drl.world.features import Scale, user_features
from t2drl.world.frames import FramePool, Sight, catalogue_scale
from t2drl.world.replay import Replay
from t2drl.world.slot_pool import SlotPool
from t2drl.world.slots import SlotBatch
from t2drl.world.traces import TrainingTraces, training_traces


@dataclass
class Place:
    """Where play stands between two frames."""

    frame: int
    """t, the same in all traces."""
    trace: Tensor
    """(B,) int: the traces that are played at once."""
    cache: Tensor
    """(B, M) bool: what is held."""


@dataclass(frozen=True, eq=False)
class World:
    """A scenario to train on."""

    scenario: Scenario
    held: Tensor
    """(F, M) bool: the feasible caches."""
    traces: TrainingTraces
    slots: SlotPool
    frames: FramePool
    load_price: Tensor
    """(M,) double: of loading a model, as a part of a slot's mean request cost."""
    replay: Replay
    """Of slots."""
    frame_replay: Replay
    place: Place

    @property
    def actions(self) -> Tensor:
        """(F, M) float: the feasible caches as networks take them."""
        return self.held.float()

    def rows(self) -> Tensor:
        """(K, B): the rows of the slots that the present frame of every trace has."""
        start = (self.place.trace * self.scenario.frames + self.place.frame) * self.scenario.slots
        return start + torch.arange(self.scenario.slots, device=start.device)[:, None]


@dataclass(frozen=True, eq=False)
class Scales:
    """By which features are standardised, over all worlds together."""

    users: Scale
    catalogue: Scale
    reward: Scale


@dataclass(frozen=True, eq=False)
class _Ground:
    """A world without scales."""

    scenario: Scenario
    held: Tensor
    traces: TrainingTraces
    slots: SlotBatch
    features: Tensor

    @classmethod
    def of(cls, scenario: Scenario, seed: int, training_slots: int) -> Self:
        held = torch.from_numpy(feasible_caches(scenario))
        traces = training_traces(scenario, seed, training_slots)
        slots = SlotBatch.pool(traces, scenario.catalogue, scenario.system)
        return cls(scenario, held, traces, slots, user_features(slots))


def make_worlds(
    scenarios: Sequence[Scenario], settings: Settings, seed: int, generator: torch.Generator
) -> tuple[list[World], Scales]:
    """The worlds of the scenarios, which share the memory and the number of training slots that the settings allow.

    Raises Unsuitable where the caches of a scenario cannot be listed.
    """
    grounds = [_Ground.of(scenario, seed, settings.training_slots // len(scenarios)) for scenario in scenarios]
    users = Scale.of(torch.cat([ground.features[ground.slots.active] for ground in grounds]))
    pools = [SlotPool.of(ground.slots, ground.scenario, users.apply(ground.features)) for ground in grounds]
    saved = [pool.equal_savings(at.held, generator) for pool, at in zip(pools, grounds, strict=True)]
    scales = Scales(users, catalogue_scale(scenarios), Scale.of(torch.cat(saved)[:, None]))
    return [_world(*parts, scales, settings, len(grounds)) for parts in zip(grounds, pools, strict=True)], scales


def _world(ground: _Ground, pool: SlotPool, scales: Scales, settings: Settings, share: int) -> World:
    scenario, held = ground.scenario, ground.held
    price = scenario.system.load_cost_per_gb / (scenario.slots * scenario.users) * scenario.catalogue.size_gb
    frames = FramePool.of(ground.traces, scenario, Sight.of(scenario, settings), scales.catalogue)
    start = Place(0, torch.zeros(settings.envs, dtype=torch.long), torch.zeros_like(held[:1]).repeat(settings.envs, 1))
    replays = _replays(scenario, settings, share)
    return World(scenario, held, ground.traces, pool, frames, torch.from_numpy(price), *replays, start)


def _replays(scenario: Scenario, settings: Settings, share: int) -> tuple[Replay, Replay]:
    number, real = torch.zeros((), dtype=torch.long), torch.zeros(())
    cache = torch.zeros(len(scenario.models), dtype=torch.bool)
    action = torch.zeros((scenario.users, SEEN_ACTION))
    slots = Replay(max(1, settings.replay // share), row=number, cache=cache, action=action, reward=action[:, 0])
    place = {"trace": number, "frame": number, "before": cache}
    return slots, Replay(max(1, settings.cache_replay // share), **place, action=number, reward=real)
