"""What the caching agent sees at a frame's start, of a view and of training traces alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from problems.episode import FrameView
from problems.scenario import Catalogue, Demand, Scenario
from solvers.frame.belief import filtered, known_demand, state_belief
from t2drl.algorithms.ddqn import FrameBatch
from t2drl.settings import Settings
from t2drl.world.features import Scale
from t2drl.world.traces import TrainingTraces

KEPT = 0.7
"""The weight of a past frame's requests against those of the frame after it."""
AHEAD = 0.7
"""The weight of a coming frame's demand against that of the frame before it."""
NEAR_END = 4
"""From so many frames before the end on, the agent sees how many are left."""


@dataclass(frozen=True)
class Sight:
    """How much is seen."""

    states: int
    """Popularity states told apart; 0 where they are hidden, or where the demand in them is told instead."""
    told: bool
    """Whether the demand's probabilities are seen: then nothing that is learnt belongs to a scenario's own states."""

    @classmethod
    def of(cls, scenario: Scenario, settings: Settings) -> Self:
        """Of an agent of these settings in the scenario."""
        apart = scenario.demand.state_observed and not settings.told
        return cls(len(scenario.demand.skew) if apart else 0, settings.told)

    def shapes(self, models: int) -> FrameBatch:
        """A batch of no frames of so many models, for the sizes of networks."""
        common, changing = torch.zeros(0, self.states + 1), torch.zeros(0, models, 4 if self.told else 2)
        return FrameBatch(common, changing, torch.zeros(models, len(Catalogue.__annotations__)))

    def common(self, state: np.ndarray | None, left: int) -> np.ndarray:
        """(B, G), or (1, G) without states: one number a state told apart, and how near the end is."""
        end = max(0.0, 1.0 - (left - 1) / NEAR_END)
        if not self.states or state is None:
            return np.full((1, 1), end)
        return np.concatenate([np.eye(self.states)[state], np.full((len(state), 1), end)], axis=1)


def catalogue_columns(catalogue: Catalogue) -> Tensor:
    """(M, 8): the catalogue as it is."""
    return torch.from_numpy(np.stack([getattr(catalogue, name) for name in Catalogue.__annotations__], axis=1))


def catalogue_scale(scenarios: Sequence[Scenario]) -> Scale:
    """By which the catalogues of all scenarios together are standardised."""
    return Scale.of(torch.cat([catalogue_columns(scenario.catalogue) for scenario in scenarios]))


@dataclass(frozen=True, eq=False)
class FramePool:
    """The frames of the training traces."""

    common: Tensor
    """(P, T + 1, G); the last is past the end and looked at by nobody."""
    models: Tensor
    """(P, T + 1, M, H - 1): shares of past frames' requests, recent ones weighing more, and told demand."""
    asked: Tensor
    """(P, T, M): how many requests of a frame ask for each model."""
    fixed: Tensor
    """(M, 8): the standardised catalogue."""

    @classmethod
    def of(cls, traces: TrainingTraces, scenario: Scenario, sight: Sight, scale: Scale) -> Self:
        """From traces; ``scale`` is the catalogue's."""
        count, frames = traces.state.shape
        models = len(scenario.models)
        asked = np.stack([(traces.request == m).sum(axis=(2, 3)) for m in range(models)], axis=-1)
        memory, belief = np.zeros((count, models)), np.tile(scenario.demand.stationary, (count, 1))
        common, changing = [], []
        for t in range(frames + 1):
            now = min(t, frames - 1)
            state = traces.state[:, now] if scenario.demand.state_observed else None
            if sight.told and state is not None:
                belief = np.eye(belief.shape[1])[state]
            common.append(np.broadcast_to(sight.common(state, frames - t), (count, sight.states + 1)))
            changing.append(_columns(memory, _told(scenario.demand, belief) if sight.told else None))
            memory, belief = KEPT * memory + asked[:, now], filtered(scenario.demand, belief, asked[:, now])
        return cls(
            common=torch.from_numpy(np.stack(common, axis=1)).float(),
            models=torch.from_numpy(np.stack(changing, axis=1)).float(),
            asked=torch.from_numpy(asked).float(),
            fixed=scale.apply(catalogue_columns(scenario.catalogue)),
        )

    def batch(self, traces: Tensor, frame: Tensor, cache: Tensor) -> FrameBatch:
        """Frames (B,) of traces (B,) begun with caches (B, M)."""
        changing = torch.cat([cache.float()[..., None], self.models[traces, frame]], dim=-1)
        return FrameBatch(self.common[traces, frame], changing, self.fixed)


def view_batch(view: FrameView, sight: Sight, scale: Scale) -> FrameBatch:
    """The same of one frame of an episode."""
    state = None if view.state is None else np.array([view.state])
    memory = np.zeros((1, len(view.catalogue)))
    for past in view.past:
        asked = past.request[past.request >= 0]
        memory = KEPT * memory + np.bincount(asked, minlength=memory.shape[1])
    told = _told(known_demand(view), state_belief(view)[None]) if sight.told else None
    held = view.previous_cache[None, :, None].astype(float)
    changing = np.concatenate([held, _columns(memory, told)], axis=-1)
    common = sight.common(state, view.frames - view.frame)
    fixed = scale.apply(catalogue_columns(view.catalogue))
    return FrameBatch(torch.from_numpy(common).float(), torch.from_numpy(changing).float(), fixed)


def _columns(memory: np.ndarray, told: np.ndarray | None) -> np.ndarray:
    """(B, M, 1), or (B, M, 3) with what is told (B, M, 2): shares times M, less 1; 0 while nothing is remembered."""
    total = memory.sum(axis=1, keepdims=True)
    lately: np.ndarray = np.where(total > 0, memory * memory.shape[1] / np.maximum(total, 1e-30) - 1.0, 0.0)[..., None]
    return lately if told is None else np.concatenate([lately, told], axis=-1)


def _told(demand: Demand, belief: np.ndarray) -> np.ndarray:
    """(B, M, 2): popularity times M, less 1, in the frame that begins and, discounted, in those to come.

    Under beliefs (B, J) about the state of the frame that begins.
    """
    transition, popularity = np.asarray(demand.transition), demand.popularity
    after = np.linalg.solve(np.eye(len(transition)) - AHEAD * transition, (1.0 - AHEAD) * transition @ popularity)
    told: np.ndarray = np.stack([belief @ popularity, belief @ after], axis=-1) * popularity.shape[1] - 1.0
    return told
