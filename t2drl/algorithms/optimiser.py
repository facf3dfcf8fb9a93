"""What all updates share: a step down a loss's gradient, Polyak averaging and annealing."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

LAST_RATE = 0.05
"""The share of a learning rate that is left at the end of a training."""


def descend(optimiser: torch.optim.Optimizer, module: nn.Module, loss: Tensor, clip: float) -> None:
    """One step of the module's parameters down the gradient of a loss (a scalar), whose norm is cut to ``clip``."""
    optimiser.zero_grad()
    torch.autograd.backward(loss)
    torch.nn.utils.clip_grad_norm_(module.parameters(), clip)
    optimiser.step()


def polyak_update(target: nn.Module, source: nn.Module, share: float) -> None:
    """Move the target network's parameters by ``share`` of the way to the source's (Polyak averaging)."""
    with torch.no_grad():
        torch._foreach_lerp_(list(target.parameters()), list(source.parameters()), share)


def anneal(optimiser: torch.optim.Optimizer, rate: float, progress: float) -> None:
    """Set the learning rate at ``progress`` in [0, 1] of a training: half a cosine from ``rate`` to a twentieth."""
    share = LAST_RATE + (1.0 - LAST_RATE) * 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))
    for group in optimiser.param_groups:
        group["lr"] = rate * share
