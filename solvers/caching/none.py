"""No edge server at all: the cloud serves everybody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import FrameView
from solvers.base import OnlineCaching


@dataclass(frozen=True)
class NoCaching(OnlineCaching):
    """An empty cache in every frame. With exact allocation its cost is J_cloud."""

    tier = "online-model-free"

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) all False."""
        return np.zeros(len(frame.catalogue), dtype=bool)
