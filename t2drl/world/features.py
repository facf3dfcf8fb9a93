"""What networks see of a slot: nothing that the slot does not show, in comparable units."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from problems import physics
from t2drl.world.slots import SlotBatch

FARTHEST = 6.0
"""Standardised features are cut off here: a channel far from all that was seen in training is merely bad."""
LEAST = 1e-9
USER_FEATURES = 13
"""Numbers a user, the flags of being active and cached included."""


def user_features(batch: SlotBatch) -> Tensor:
    """(B, N, 11): transfer times in an equal split, and the request's entries in the catalogue; 0 where idle.

    Times in seconds, TV in the seconds it is worth; what spans decades as a logarithm. The cache is left out.
    """
    of, request, system = batch.catalogue, batch.request, batch.system
    share = (1.0 / batch.active.sum(dim=1, keepdim=True).clamp(min=1)).expand(batch.request.shape)
    up = physics.MBIT_PER_MB * batch.input_mb / physics.uplink_mbps(share, batch.gain, system)
    down = physics.MBIT_PER_MB * batch.output_mb / physics.downlink_mbps(share, batch.gain, system)
    high = of.steps_high[request]
    columns = (
        torch.log(up + LEAST),
        torch.log(down + LEAST),
        torch.log(up + down + LEAST),
        torch.log(batch.gain),
        physics.cloud_time_s(batch.input_mb, batch.output_mb, of.cloud_s[request], system),
        physics.edge_time_s(high, of.step_s[request], of.setup_s[request]),
        system.tv_to_s * (of.tv_worst[request] - of.tv_best[request]),
        of.steps_low[request],
        high,
        of.step_s[request],
        high / max(system.step_budget, 1),
    )
    features = torch.stack(columns, dim=-1)
    return torch.where(batch.active[..., None], features, 0.0)


@dataclass(frozen=True, eq=False)
class Scale:
    """An affine change to mean 0 and deviation 1."""

    mean: Tensor
    deviation: Tensor

    @classmethod
    def of(cls, values: Tensor) -> Scale:
        """Of rows (R, F), column by column; a column without variance keeps its unit."""
        mean, deviation = values.mean(dim=0), values.std(dim=0, correction=0)
        return cls(mean, torch.where(deviation > LEAST * (1.0 + mean.abs()), deviation, 1.0))

    def apply(self, values: Tensor) -> Tensor:
        """Standardised, cut off at six deviations, in single precision."""
        return ((values - self.mean) / self.deviation).clamp(-FARTHEST, FARTHEST).float()


def seen(static: Tensor, batch: SlotBatch) -> Tensor:
    """(B, N, 13): standardised features (B, N, 11) with the flags of who is active and whose model is cached."""
    flags = torch.stack([batch.active, batch.cached], dim=-1).float()
    return torch.cat([static * flags[..., :1], flags], dim=-1)
