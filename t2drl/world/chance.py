"""The random numbers of a training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Chance:
    """Random numbers for a device, drawn in memory: the same ones on every device."""

    generator: torch.Generator
    device: torch.device

    def integers(self, below: int, shape: Sequence[int] = ()) -> Tensor:
        """Whole numbers from 0 to below ``below``."""
        return torch.randint(below, tuple(shape), generator=self.generator).to(self.device)

    def uniform(self, shape: Sequence[int]) -> Tensor:
        """From [0, 1)."""
        return torch.rand(tuple(shape), generator=self.generator).to(self.device)

    def normal(self, shape: Sequence[int]) -> Tensor:
        """Of mean 0 and variance 1."""
        return torch.randn(tuple(shape), generator=self.generator).to(self.device)
