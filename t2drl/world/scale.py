"""Standardising what networks observe and are rewarded with."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

LARGEST = 6.0
"""Standardised numbers are cut off here: a channel far from all that training showed is merely bad."""
LEAST_VARIATION = 1e-9
"""A deviation below this share of the mean's size is rounding."""


@dataclass(frozen=True, eq=False)
class Scale:
    """An affine change to mean 0 and deviation 1."""

    mean: Tensor
    """(F,)."""
    deviation: Tensor
    """(F,)."""

    @classmethod
    def of(cls, values: Tensor) -> Scale:
        """Of rows (R, F), column by column; a column without variance keeps its unit."""
        mean, deviation = values.mean(dim=0), values.std(dim=0, correction=0)
        return cls(mean, torch.where(deviation > LEAST_VARIATION * (1.0 + mean.abs()), deviation, 1.0))

    def apply(self, values: Tensor) -> Tensor:
        """(..., F) float: standardised, and cut off at six deviations."""
        return ((values - self.mean) / self.deviation).clamp(-LARGEST, LARGEST).float()


@dataclass(frozen=True, eq=False)
class Scales:
    """By which all environments of a training are standardised."""

    users: Scale
    """Of a user's features."""
    catalogue: Scale
    """Of a model's parameters."""
    reward: Scale
    """Of a request's reward; F is 1."""
