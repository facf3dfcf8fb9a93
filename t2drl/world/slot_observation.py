"""What the allocator observes of a slot: nothing that the slot does not show, in comparable units."""

from __future__ import annotations

import torch
from torch import Tensor

from problems import physics
from t2drl.world.slots import SlotBatch

LEAST_SECONDS = 1e-9
"""Keeps the logarithm of a transfer time finite."""
USER_OBSERVATION = 13
"""Numbers a user in an observation, the flags of being active and cached included."""


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
        torch.log(up + LEAST_SECONDS),
        torch.log(down + LEAST_SECONDS),
        torch.log(up + down + LEAST_SECONDS),
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


def observation(features: Tensor, batch: SlotBatch) -> Tensor:
    """(B, N, 13): standardised features (B, N, 11) with the flags of who is active and whose model is cached."""
    flags = torch.stack([batch.active, batch.cached], dim=-1).float()
    return torch.cat([features * flags[..., :1], flags], dim=-1)
