"""The random numbers of a training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Rng:
    """A random number generator whose numbers lie on a device, and are the same on every device."""

    generator: torch.Generator
    """In memory, where all numbers are drawn."""
    device: torch.device

    def integers(self, below: int, shape: Sequence[int] = ()) -> Tensor:
        """Whole numbers from 0 to ``below`` - 1, equally likely."""
        return torch.randint(below, tuple(shape), generator=self.generator).to(self.device)

    def uniform(self, shape: Sequence[int]) -> Tensor:
        """Numbers in [0, 1)."""
        return torch.rand(tuple(shape), generator=self.generator).to(self.device)

    def normal(self, shape: Sequence[int]) -> Tensor:
        """Numbers of mean 0 and variance 1."""
        return torch.randn(tuple(shape), generator=self.generator).to(self.device)
