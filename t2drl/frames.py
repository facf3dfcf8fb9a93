"""What the caching agent sees at a frame's start, of a view and of training traces alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from problems.episode import FrameView
from problems.scenario import Catalogue, Scenario
from t2drl.ddqn import FrameBatch
from t2drl.traces import TrainingTraces

KEPT = 0.7
"""The weight of a past frame's requests against those of the frame after it."""
NEAR_END = 4
"""From so many frames before the end on, the agent sees how many are left."""
CHANGING = 2
"""Numbers a model that change: held now, and asked for lately."""


def common_size(scenario: Scenario) -> int:
    """G: one number a state where it is observed, and one for the end."""
    return 1 + (len(scenario.demand.skew) if scenario.demand.state_observed else 0)


def model_features(catalogue: Catalogue) -> Tensor:
    """(M, 8): the catalogue, every column standardised."""
    columns = np.stack([getattr(catalogue, name) for name in Catalogue.__annotations__], axis=1)
    deviation = columns.std(axis=0)
    spread = np.where(deviation > 1e-9 * (1.0 + np.abs(columns).max(axis=0)), deviation, 1.0)
    return torch.from_numpy((columns - columns.mean(axis=0)) / spread).float()


@dataclass(frozen=True, eq=False)
class FramePool:
    """The frames of the training traces."""

    common: Tensor
    """(P, T + 1, G); the last is past the end and looked at by nobody."""
    lately: Tensor
    """(P, T + 1, M): shares of the requests of past frames, recent ones weighing more."""
    asked: Tensor
    """(P, T, M): how many requests of a frame ask for each model."""

    @classmethod
    def of(cls, traces: TrainingTraces, scenario: Scenario) -> Self:
        """From traces."""
        count, frames = traces.state.shape
        models, states = len(scenario.models), len(scenario.demand.skew)
        common = np.zeros((count, frames + 1, common_size(scenario)))
        lately = np.zeros((count, frames + 1, models))
        asked = np.stack([(traces.request == m).sum(axis=(2, 3)) for m in range(models)], axis=-1)
        memory = np.zeros((count, models))
        for t in range(frames):
            common[:, t] = _common(traces.state[:, t] if scenario.demand.state_observed else None, states, frames - t)
            lately[:, t] = _shares(memory)
            memory = KEPT * memory + asked[:, t]
        return cls(*(torch.from_numpy(array).float() for array in (common, lately, asked)))

    def batch(self, traces: Tensor, frame: Tensor, cache: Tensor) -> FrameBatch:
        """Frames (B,) of traces (B,) begun with caches (B, M)."""
        lately = self.lately[traces, frame]
        return FrameBatch(self.common[traces, frame], torch.stack([cache.float(), lately], dim=-1))


def view_batch(view: FrameView, states: int, observed: bool) -> FrameBatch:
    """The same of one frame of an episode."""
    state = np.array([view.state]) if observed and view.state is not None else None
    memory = np.zeros((1, len(view.catalogue)))
    for past in view.past:
        asked = past.request[past.request >= 0]
        memory = KEPT * memory + np.bincount(asked, minlength=memory.shape[1])
    common = _common(state, states if observed else 0, view.frames - view.frame)
    changing = np.stack([view.previous_cache[None].astype(float), _shares(memory)], axis=-1)
    return FrameBatch(torch.from_numpy(common).float(), torch.from_numpy(changing).float())


def _common(state: np.ndarray | None, states: int, left: int) -> np.ndarray:
    """(B, G), or (1, G) without a state."""
    end = max(0.0, 1.0 - (left - 1) / NEAR_END)
    if state is None:
        return np.full((1, 1), end)
    return np.concatenate([np.eye(states)[state], np.full((len(state), 1), end)], axis=1)


def _shares(memory: np.ndarray) -> np.ndarray:
    """(B, M): each model's part of what is remembered, times M, less 1; 0 while nothing is."""
    total = memory.sum(axis=1, keepdims=True)
    shares: np.ndarray = np.where(total > 0, memory * memory.shape[1] / np.maximum(total, 1e-30) - 1.0, 0.0)
    return shares
