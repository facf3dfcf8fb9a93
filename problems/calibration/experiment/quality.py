"""How good pictures are: their total variation, and their Frechet distance to the data in a classifier's eyes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from problems.calibration.experiment.digits import digits, ink
from problems.calibration.experiment.networks import DIGITS, SIDE

FEATURES = 16
_UPDATES = 300
_RATE = 3e-3


def total_variation(pictures: Tensor) -> float:
    """The mean over pictures of the sum of absolute differences between neighbouring pixels, from 0 to 1 each."""
    shown = ink(pictures)
    down, right = shown.diff(dim=-2).abs(), shown.diff(dim=-1).abs()
    return float(down.sum(dim=(1, 2, 3)).mean() + right.sum(dim=(1, 2, 3)).mean())


class Eyes:
    """A small classifier of digits; what it sees in a picture are the values of its last hidden layer."""

    def __init__(self, seed: int = 0) -> None:
        pictures, labels = digits()
        torch.manual_seed(seed)
        self._hidden = nn.Sequential(
            nn.Flatten(), nn.Linear(SIDE * SIDE, 64), nn.ReLU(), nn.Linear(64, FEATURES), nn.Tanh()
        )
        head = nn.Linear(FEATURES, DIGITS)
        optimiser = torch.optim.Adam([*self._hidden.parameters(), *head.parameters()], lr=_RATE)
        for _ in range(_UPDATES):
            loss = cross_entropy(head(self._hidden(ink(pictures))), labels)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
        self._real = self._features(pictures)

    def distance(self, pictures: Tensor) -> float:
        """Frechet distance (squared, as is the custom) between the pictures and the data, as normal distributions."""
        return frechet_distance(self._features(pictures), self._real)

    @torch.inference_mode()
    def _features(self, pictures: Tensor) -> Tensor:
        seen: Tensor = self._hidden(ink(pictures)).double()
        return seen


def frechet_distance(one: Tensor, other: Tensor) -> float:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of samples (P, F) and (Q, F)."""
    apart = (one.mean(dim=0) - other.mean(dim=0)).square().sum()
    first, second = torch.cov(one.T), torch.cov(other.T)
    values, vectors = torch.linalg.eigh(first)
    root = vectors * values.clamp(min=0.0).sqrt() @ vectors.T
    shared = torch.linalg.eigvalsh(root @ second @ root).clamp(min=0.0).sqrt().sum()
    return float(apart + first.trace() + second.trace() - 2.0 * shared)
