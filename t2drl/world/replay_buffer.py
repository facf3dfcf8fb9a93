"""The replay buffer: a ring whose memory is taken once."""

from __future__ import annotations

import torch
from torch import Tensor

from t2drl.world.device import CPU
from t2drl.world.rng import Rng


class ReplayBuffer:
    """The last ``capacity`` transitions, each a row of several tensors."""

    def __init__(self, capacity: int, device: torch.device = CPU, **examples: Tensor) -> None:
        """``examples`` name the columns; each shows the shape of a row and its type."""
        self.capacity, self.device = capacity, device
        self.columns = {
            name: torch.zeros((capacity, *example.shape), dtype=example.dtype, device=device)
            for name, example in examples.items()
        }
        self.written = 0
        """Rows added so far, those that were overwritten included."""

    def __len__(self) -> int:
        return min(self.written, self.capacity)

    def add(self, **rows: Tensor) -> None:
        """Append rows (B, ...) of every column; the oldest are overwritten."""
        count = len(next(iter(rows.values())))
        places = torch.arange(self.written, self.written + count, device=self.device) % self.capacity
        for name, column in self.columns.items():
            column[places] = rows[name].to(column.dtype)
        self.written += count

    def sample(self, count: int, rng: Rng) -> dict[str, Tensor]:
        """``count`` rows of every column, drawn with replacement."""
        places = rng.integers(len(self), (count,))
        return {name: column[places] for name, column in self.columns.items()}
