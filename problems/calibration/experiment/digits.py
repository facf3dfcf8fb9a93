"""The data: scikit-learn's 1,797 handwritten digits of 8 x 8 pixels, which come with the package."""

from __future__ import annotations

import torch
from sklearn.datasets import load_digits
from torch import Tensor

_INK = 16.0
"""The darkest pixel in the data."""


def digits() -> tuple[Tensor, Tensor]:
    """Pictures (P, 1, 8, 8) in [-1, 1], white is -1, and which digit each shows (P,)."""
    data = load_digits()
    pictures = torch.tensor(data.images, dtype=torch.float32)[:, None] * (2.0 / _INK) - 1.0
    return pictures, torch.tensor(data.target)


def ink(pictures: Tensor) -> Tensor:
    """Pictures as they are shown: pixels cut to [-1, 1], then 0 for white and 1 for black."""
    return (pictures.clamp(-1.0, 1.0) + 1.0) / 2.0
