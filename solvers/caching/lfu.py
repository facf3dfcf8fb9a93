"""Least frequently used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import fill_in_order
from problems.episode import FrameView
from solvers.base import OnlineCaching


@dataclass(frozen=True)
class LeastFrequentlyUsed(OnlineCaching):
    """The models requested most often so far, as long as they fit; nothing before the first requests.

    Learns from past requests alone; ties by index.
    """

    tier = "online-model-free"

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        counts = np.zeros(len(frame.catalogue), dtype=np.int64)
        for past in frame.past:
            counts += np.bincount(past.request[past.request >= 0], minlength=len(counts))
        used = [m for m in np.argsort(-counts, kind="stable").tolist() if counts[m] > 0]
        return fill_in_order(used, frame.catalogue.size_gb, frame.system.cache_gb)
