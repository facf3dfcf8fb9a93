"""A ring buffer whose memory is taken once."""

from __future__ import annotations

import torch
from torch import Tensor

from t2drl.world.chance import Chance


class Replay:
    """The last ``capacity`` transitions, each a row of several tensors."""

    def __init__(self, capacity: int, **examples: Tensor) -> None:
        """``examples`` name the columns; each shows the shape of a row and its type."""
        self.capacity = capacity
        self.columns = {
            name: torch.zeros((capacity, *example.shape), dtype=example.dtype) for name, example in examples.items()
        }
        self.written = 0

    def __len__(self) -> int:
        return min(self.written, self.capacity)

    def add(self, **rows: Tensor) -> None:
        """Append rows (B, ...) of every column; the oldest are overwritten."""
        count = len(next(iter(rows.values())))
        device = next(iter(self.columns.values())).device
        places = torch.arange(self.written, self.written + count, device=device) % self.capacity
        for name, column in self.columns.items():
            column[places] = rows[name].to(column.dtype)
        self.written += count

    def sample(self, count: int, chance: Chance) -> dict[str, Tensor]:
        """``count`` rows of every column, drawn with replacement."""
        places = chance.integers(len(self), (count,))
        return {name: column[places] for name, column in self.columns.items()}
