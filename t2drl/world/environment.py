"""The environment of a training: traces of one scenario, many of them played at once, a frame at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from problems.equal_split import equal_split
from problems.scenario import Catalogue, Scenario
from t2drl.settings import Settings
from t2drl.world.caches import feasible_caches
from t2drl.world.frame_observation import FrameObservation, ObservationSpec, TrainingFrames, catalogue_scale
from t2drl.world.rng import Rng
from t2drl.world.scale import Scale, Scales
from t2drl.world.slot_observation import observation, user_features
from t2drl.world.slots import SlotBatch, cloud_costs, request_costs
from t2drl.world.traces import TrainingTraces, training_traces


@dataclass(frozen=True, eq=False)
class TrainingSlots:
    """All R = P T K slots of the training traces; the row of slot k in frame t of trace p is (p T + t) K + k."""

    catalogue: Catalogue
    slots: SlotBatch
    features: Tensor
    """(R, N, 11) standardised."""
    baseline: Tensor
    """(R, N) double: costs with everybody in the cloud, from which savings are counted; 0 where idle."""

    @classmethod
    def of(cls, slots: SlotBatch, catalogue: Catalogue, features: Tensor) -> Self:
        """Of all slots of a scenario's traces, with the users' standardised features (R, N, 11)."""
        return cls(catalogue, slots, features, cloud_costs(slots))

    def under(self, rows: Tensor, cache: Tensor) -> tuple[SlotBatch, Tensor]:
        """The slots of rows (B,), each under its own cache (B, M) bool, and their observation (B, N, 13)."""
        batch = self.slots.under(rows, cache)
        return batch, observation(self.features[rows], batch)

    def savings(self, rows: Tensor, batch: SlotBatch, bandwidth: Tensor, steps: Tensor) -> Tensor:
        """(B, N) double: the cost that every request is spared by an allocation, against the baseline; 0 where idle.

        ``batch`` has the slots of ``rows`` (B,); bandwidth and steps are (B, N).
        """
        costs = torch.where(batch.active, request_costs(batch, bandwidth, steps), 0.0)
        return self.baseline[rows] - costs

    def equal_savings(self, caches: Tensor, generator: torch.Generator) -> Tensor:
        """(A,) double: what the equal split spares each of all A requests under caches drawn from ``caches`` (F, M)."""
        rows = torch.arange(len(self.slots))
        batch = self.slots.under(rows, caches[torch.randint(len(caches), (len(rows),), generator=generator)])
        request = torch.where(batch.active, batch.request, -1).numpy()
        budget = batch.system.step_budget
        bandwidth, steps = equal_split(request, batch.cached.numpy(), self.catalogue, budget)
        saved = self.savings(rows, batch, torch.from_numpy(bandwidth), torch.from_numpy(steps))
        return saved[batch.active]


@dataclass
class Episodes:
    """B traces that are played at once, between two frames."""

    frame: int
    """t of the next frame, the same in all traces."""
    trace: Tensor
    """(B,) int: which of the training traces."""
    cache: Tensor
    """(B, M) bool: what is held."""


@dataclass(frozen=True, eq=False)
class Environment:
    """A scenario to train on, and the episodes under way in it."""

    scenario: Scenario
    caches: Tensor
    """(F, M) bool: the feasible caches; an action of the caching agent is the number of one."""
    traces: TrainingTraces
    slots: TrainingSlots
    frames: TrainingFrames
    load_price: Tensor
    """(M,) double, cost: sigma c_m / (K N), what loading a model adds to the mean cost of a frame's requests."""
    episodes: Episodes

    def begin(self, rng: Rng) -> None:
        """Start a new trace with an empty cache in every episode."""
        episodes = self.episodes
        episodes.trace = rng.integers(len(self.traces.state), episodes.trace.shape)
        episodes.cache = torch.zeros_like(episodes.cache)

    def observation(self) -> FrameObservation:
        """What the caching agent observes of the frame that begins, in all episodes."""
        episodes = self.episodes
        frame = torch.full_like(episodes.trace, episodes.frame)
        return self.frames.observation(episodes.trace, frame, episodes.cache)

    def requests(self) -> Tensor:
        """(B, M) float: how many requests of the present frame ask for each model, which no observation shows."""
        return self.frames.requests[self.episodes.trace, self.episodes.frame]

    def rows(self) -> Tensor:
        """(K, B) int: the rows of the slots that the present frame of every episode has."""
        start = (self.episodes.trace * self.scenario.frames + self.episodes.frame) * self.scenario.slots
        return start + torch.arange(self.scenario.slots, device=start.device)[:, None]

    def loading_cost(self, before: Tensor) -> Tensor:
        """(B,) double: the price of loading what is held now and was not before, (B, M) bool."""
        return (self.episodes.cache & ~before).double() @ self.load_price


def make_environments(
    scenarios: Sequence[Scenario], settings: Settings, seed: int, generator: torch.Generator
) -> tuple[list[Environment], Scales]:
    """One environment a scenario, in memory; they share the number of training slots that the settings allow.

    Raises Unsuitable where the caches of a scenario cannot be listed.
    """
    caches = [torch.from_numpy(feasible_caches(scenario)) for scenario in scenarios]
    traces = [training_traces(scenario, seed, settings.training_slots // len(scenarios)) for scenario in scenarios]
    batches = [
        SlotBatch.of_traces(sampled, scenario.catalogue, scenario.system)
        for sampled, scenario in zip(traces, scenarios, strict=True)
    ]
    features = [user_features(batch) for batch in batches]
    users = Scale.of(torch.cat([rows[batch.active] for rows, batch in zip(features, batches, strict=True)]))
    slots = [
        TrainingSlots.of(batch, scenario.catalogue, users.apply(rows))
        for batch, scenario, rows in zip(batches, scenarios, features, strict=True)
    ]
    savings = [own.equal_savings(listed, generator) for own, listed in zip(slots, caches, strict=True)]
    scales = Scales(users, catalogue_scale(scenarios), Scale.of(torch.cat(savings)[:, None]))
    parts = zip(scenarios, caches, traces, slots, strict=True)
    return [_environment(*part, scales.catalogue, settings) for part in parts], scales


def _environment(
    scenario: Scenario, caches: Tensor, traces: TrainingTraces, slots: TrainingSlots, scale: Scale, settings: Settings
) -> Environment:
    price = scenario.system.load_cost_per_gb / (scenario.slots * scenario.users) * scenario.catalogue.size_gb
    frames = TrainingFrames.of(traces, scenario, ObservationSpec.of(scenario, settings), scale)
    nothing = torch.zeros((settings.envs, len(scenario.models)), dtype=torch.bool)
    start = Episodes(0, torch.zeros(settings.envs, dtype=torch.long), nothing)
    return Environment(scenario, caches, traces, slots, frames, torch.from_numpy(price), start)
