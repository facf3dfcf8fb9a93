"""Slots by the batch, as tensors: what they show, and what an allocation in them costs.

Pure functions on :mod:`problems.physics`, in double precision: the cost of a slot is the judge's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from problems import physics
from problems.episode import Slots
from problems.scenario import Catalogue, System
from t2drl.world.traces import TrainingTraces


@dataclass(frozen=True, eq=False)
class TorchCatalogue:
    """A catalogue's parameters as tensors (M,), named and measured as in :class:`problems.scenario.Model`."""

    size_gb: Tensor
    steps_low: Tensor
    steps_high: Tensor
    tv_worst: Tensor
    tv_best: Tensor
    step_s: Tensor
    setup_s: Tensor
    cloud_s: Tensor

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """The same numbers, in double precision."""
        return cls(**{name: torch.tensor(np.array(getattr(catalogue, name))) for name in cls.__annotations__})


@dataclass(frozen=True, eq=False)
class SlotBatch:
    """B slots under a cache each."""

    catalogue: TorchCatalogue
    system: System
    request: Tensor
    """(B, N) int: model index; 0 where idle."""
    active: Tensor
    """(B, N) bool."""
    gain: Tensor
    """(B, N) double, linear channel power gain; 1 where idle."""
    input_mb: Tensor
    """(B, N) double, MB; 1 where idle."""
    output_mb: Tensor
    """(B, N) double, MB; 1 where idle."""
    cached: Tensor
    """(B, N) bool: whether the requested model is held; False where idle."""

    @classmethod
    def of(cls, slots: Slots) -> Self:
        """The slots that a policy is shown."""
        active = slots.active
        real = {name: np.where(active, getattr(slots, name), 1.0) for name in ("gain", "input_mb", "output_mb")}
        return cls(
            catalogue=TorchCatalogue.of(slots.catalogue),
            system=slots.system,
            request=torch.from_numpy(np.maximum(slots.request, 0)),
            active=torch.from_numpy(active),
            cached=torch.from_numpy(slots.cached & active),
            **{name: torch.from_numpy(array) for name, array in real.items()},
        )

    @classmethod
    def of_traces(cls, traces: TrainingTraces, catalogue: Catalogue, system: System) -> Self:
        """All slots of training traces, one after the other, under empty caches."""
        shape = (-1, traces.request.shape[-1])
        return cls.of(
            Slots(
                catalogue,
                system,
                request=traces.request.reshape(shape),
                gain=traces.gain.reshape(shape),
                input_mb=traces.input_mb.reshape(shape),
                output_mb=traces.output_mb.reshape(shape),
                cached=np.zeros(traces.request.shape, dtype=bool).reshape(shape),
            )
        )

    def __len__(self) -> int:
        return self.request.shape[0]

    def under(self, rows: Tensor, cache: Tensor) -> SlotBatch:
        """The slots of ``rows`` (B,), each under its own cache (B, M) bool."""
        request, active = self.request[rows], self.active[rows]
        return SlotBatch(
            self.catalogue,
            self.system,
            request,
            active,
            self.gain[rows],
            self.input_mb[rows],
            self.output_mb[rows],
            active & cache.gather(1, request),
        )

    @property
    def most_steps(self) -> Tensor:
        """(B, N) int: the most steps that can be of use to a user, ceil(A2); 0 where the edge cannot serve it."""
        useful = self.catalogue.steps_high.ceil().clamp(min=1.0).long()
        return useful[self.request] * self.cached

    @property
    def steps_low(self) -> Tensor:
        """(B, N): A1 of the requested models."""
        return self.catalogue.steps_low[self.request]

    @property
    def fewest_steps(self) -> Tensor:
        """(B, N) int: 1 where the edge is forced, else 0."""
        return self.cached.long() if self.system.forced_edge else torch.zeros_like(self.request)


def slot_costs(batch: SlotBatch, bandwidth: Tensor, steps: Tensor) -> Tensor:
    """(B,) double: the summed request costs of slots under bandwidth (B, N) and whole steps (B, N)."""
    return torch.where(batch.active, request_costs(batch, bandwidth, steps), 0.0).sum(dim=1)


def request_costs(batch: SlotBatch, bandwidth: Tensor, steps: Tensor) -> Tensor:
    """(B, N) double: the cost of every user's request; without a meaning where idle."""
    of, request = batch.catalogue, batch.request
    share = torch.where(batch.active, bandwidth.double(), 1.0)
    steps = steps.double()
    latency = physics.latency_s(
        share,
        steps,
        batch.gain,
        batch.input_mb,
        batch.output_mb,
        of.step_s[request],
        of.setup_s[request],
        of.cloud_s[request],
        batch.system,
    )
    best = of.tv_best[request]
    quality = physics.quality_tv(steps, of.steps_low[request], of.steps_high[request], of.tv_worst[request], best)
    cost: Tensor = physics.request_cost(latency, torch.where(steps >= 1, quality, best), batch.system)
    return cost


def cloud_costs(batch: SlotBatch) -> Tensor:
    """(B, N) double: what requests cost with equal shares of the bandwidth and everybody in the cloud; 0 where idle.

    No decision changes it, so that it is a baseline from which rewards are counted: they are then far less noisy.
    """
    users = batch.active.sum(dim=1, keepdim=True).clamp(min=1)
    equal = (1.0 / users).expand(batch.request.shape)
    return torch.where(batch.active, request_costs(batch, equal, torch.zeros_like(batch.request)), 0.0)
