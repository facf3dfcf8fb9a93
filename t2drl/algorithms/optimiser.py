"""What all updates share: clipping, following and annealing, without a loop over parameters."""

from __future__ import annotations

import math

import torch
from torch import nn

LAST_RATE = 0.05
"""The share of a learning rate that is left at the end of a training."""


def clip_gradients(module: nn.Module, norm: float) -> None:
    """Scale all gradients of a module down to a common norm of at most ``norm``."""
    torch.nn.utils.clip_grad_norm_(module.parameters(), norm)


def follow(target: nn.Module, source: nn.Module, share: float) -> None:
    """Move the target's parameters by ``share`` of the way to the source's (Polyak averaging)."""
    with torch.no_grad():
        torch._foreach_lerp_(list(target.parameters()), list(source.parameters()), share)


def set_rate(optimiser: torch.optim.Optimizer, rate: float, progress: float) -> None:
    """The learning rate at ``progress`` in [0, 1] of a training: half a cosine down to a twentieth."""
    share = LAST_RATE + (1.0 - LAST_RATE) * 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))
    for group in optimiser.param_groups:
        group["lr"] = rate * share
