"""What the caching agent observes at a frame's start, of a view and of training traces alike."""

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
from t2drl.settings import Settings
from t2drl.world.scale import Scale
from t2drl.world.traces import TrainingTraces

REQUEST_DECAY = 0.7
"""The weight of a past frame's requests against those of the frame after it."""
FORECAST_DECAY = 0.7
"""The weight of a coming frame's demand against that of the frame before it."""
NEAR_END = 4
"""From so many frames before the end on, the agent observes how many are left."""


@dataclass(frozen=True, eq=False)
class FrameObservation:
    """B frames as the agent observes them at their start."""

    common: Tensor
    """(B, G): one number a state told apart, and how near the end is."""
    models: Tensor
    """(B, M, H): what of each model changes from frame to frame: whether it is held now, its share of recent requests,
    and where the demand is observed its popularity in this frame and in those to come."""
    catalogue: Tensor
    """(M, 8): the standardised catalogue."""


@dataclass(frozen=True)
class ObservationSpec:
    """What belongs to an observation."""

    states: int
    """Popularity states told apart; 0 where they are hidden, or where the demand in them is observed instead."""
    demand: bool
    """Whether the demand's probabilities are observed: then nothing learnt belongs to a scenario's own states."""

    @classmethod
    def of(cls, scenario: Scenario, settings: Settings) -> Self:
        """Of an agent of these settings in the scenario."""
        apart = scenario.demand.state_observed and not settings.observes_demand
        return cls(len(scenario.demand.skew) if apart else 0, settings.observes_demand)

    def empty(self, models: int) -> FrameObservation:
        """An observation of no frames of so many models, for the sizes of networks."""
        common, changing = torch.zeros(0, self.states + 1), torch.zeros(0, models, 4 if self.demand else 2)
        return FrameObservation(common, changing, torch.zeros(models, len(Catalogue.__annotations__)))

    def common(self, state: np.ndarray | None, frames_left: int) -> np.ndarray:
        """(B, G), or (1, G) without states, where G is ``states`` + 1."""
        end = max(0.0, 1.0 - (frames_left - 1) / NEAR_END)
        if not self.states or state is None:
            return np.full((1, 1), end)
        return np.concatenate([np.eye(self.states)[state], np.full((len(state), 1), end)], axis=1)


def catalogue_columns(catalogue: Catalogue) -> Tensor:
    """(M, 8) double: the catalogue as it is."""
    return torch.from_numpy(np.stack([getattr(catalogue, name) for name in Catalogue.__annotations__], axis=1))


def catalogue_scale(scenarios: Sequence[Scenario]) -> Scale:
    """By which the catalogues of all scenarios together are standardised."""
    return Scale.of(torch.cat([catalogue_columns(scenario.catalogue) for scenario in scenarios]))


@dataclass(frozen=True, eq=False)
class TrainingFrames:
    """All frames of the training traces."""

    common: Tensor
    """(P, T + 1, G); the last is past the end, and only there to be indexed."""
    models: Tensor
    """(P, T + 1, M, H - 1): all columns of an observation but whether a model is held."""
    requests: Tensor
    """(P, T, M): how many requests of a frame ask for each model."""
    catalogue: Tensor
    """(M, 8): the standardised catalogue."""

    @classmethod
    def of(cls, traces: TrainingTraces, scenario: Scenario, spec: ObservationSpec, scale: Scale) -> Self:
        """From traces; ``scale`` is the catalogue's."""
        count, frames = traces.state.shape
        models = len(scenario.models)
        requests = np.stack([(traces.request == m).sum(axis=(2, 3)) for m in range(models)], axis=-1)
        recent, belief = np.zeros((count, models)), np.tile(scenario.demand.stationary, (count, 1))
        common, changing = [], []
        for t in range(frames + 1):
            now = min(t, frames - 1)
            state = traces.state[:, now] if scenario.demand.state_observed else None
            if spec.demand and state is not None:
                belief = np.eye(belief.shape[1])[state]
            common.append(np.broadcast_to(spec.common(state, frames - t), (count, spec.states + 1)))
            changing.append(_columns(recent, _forecast(scenario.demand, belief) if spec.demand else None))
            recent = REQUEST_DECAY * recent + requests[:, now]
            belief = filtered(scenario.demand, belief, requests[:, now])
        return cls(
            common=torch.from_numpy(np.stack(common, axis=1)).float(),
            models=torch.from_numpy(np.stack(changing, axis=1)).float(),
            requests=torch.from_numpy(requests).float(),
            catalogue=scale.apply(catalogue_columns(scenario.catalogue)),
        )

    def observation(self, trace: Tensor, frame: Tensor, cache: Tensor) -> FrameObservation:
        """Frames (B,) of traces (B,) begun with caches (B, M)."""
        changing = torch.cat([cache.float()[..., None], self.models[trace, frame]], dim=-1)
        return FrameObservation(self.common[trace, frame], changing, self.catalogue)


def view_observation(view: FrameView, spec: ObservationSpec, scale: Scale) -> FrameObservation:
    """The same of one frame of an episode; B is 1."""
    state = None if view.state is None else np.array([view.state])
    recent = np.zeros((1, len(view.catalogue)))
    for past in view.past:
        asked = past.request[past.request >= 0]
        recent = REQUEST_DECAY * recent + np.bincount(asked, minlength=recent.shape[1])
    forecast = _forecast(known_demand(view), state_belief(view)[None]) if spec.demand else None
    held = view.previous_cache[None, :, None].astype(float)
    changing = np.concatenate([held, _columns(recent, forecast)], axis=-1)
    common = spec.common(state, view.frames - view.frame)
    catalogue = scale.apply(catalogue_columns(view.catalogue))
    return FrameObservation(torch.from_numpy(common).float(), torch.from_numpy(changing).float(), catalogue)


def _columns(recent: np.ndarray, forecast: np.ndarray | None) -> np.ndarray:
    """(B, M, 1), or (B, M, 3) with a forecast (B, M, 2): shares of recent requests (B, M) times M, less 1.

    They are 0 before the first request.
    """
    total = recent.sum(axis=1, keepdims=True)
    shares: np.ndarray = np.where(total > 0, recent * recent.shape[1] / np.maximum(total, 1e-30) - 1.0, 0.0)[..., None]
    return shares if forecast is None else np.concatenate([shares, forecast], axis=-1)


def _forecast(demand: Demand, belief: np.ndarray) -> np.ndarray:
    """(B, M, 2): popularity times M, less 1, in the frame that begins and, discounted, in those to come.

    Under beliefs (B, J) about the state of the frame that begins.
    """
    transition, popularity = np.asarray(demand.transition), demand.popularity
    decayed = np.eye(len(transition)) - FORECAST_DECAY * transition
    after = np.linalg.solve(decayed, (1.0 - FORECAST_DECAY) * transition @ popularity)
    forecast: np.ndarray = np.stack([belief @ popularity, belief @ after], axis=-1) * popularity.shape[1] - 1.0
    return forecast
