"""A random feasible cache."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from problems.caches import fill_in_order
from problems.episode import FrameView
from solvers.base import OnlineCaching


@dataclass(frozen=True)
class RandomCaching(OnlineCaching):
    """In every frame models in a random order, as long as they fit.

    A frame's cache is a function of the seed, the frame's number and the channels of the frame before, so that traces
    differ in their caches.
    """

    tier = "online-model-free"

    seed: int = 0
    """Added to the seed of the run; at least 0."""

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"seed: {self.seed}; must be >= 0")

    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""
        return replace(self, seed=self.seed + seed)

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        seen = zlib.crc32(frame.past[-1].gain.tobytes()) if frame.past else 0
        order = np.random.default_rng([self.seed, frame.frame, seen]).permutation(len(frame.catalogue))
        return fill_in_order(order, frame.catalogue.size_gb, frame.system.cache_gb)
