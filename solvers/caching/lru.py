"""Least recently used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import fill_in_order
from problems.episode import FrameView
from solvers.base import OnlineCaching


@dataclass(frozen=True)
class LeastRecentlyUsed(OnlineCaching):
    """The models requested last, as long as they fit; nothing before the first requests.

    Models last requested in the same slot are ordered by the number of requests in it, then by
    index. Learns from past requests alone.
    """

    tier = "online-model-free"

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        models = len(frame.catalogue)
        last = np.full(models, -1)
        among = np.zeros(models, dtype=np.int64)
        slots = [slot for past in frame.past for slot in past.request]
        for number, slot in enumerate(slots):
            counts = np.bincount(slot[slot >= 0], minlength=models)
            last[counts > 0] = number
            among[counts > 0] = counts[counts > 0]
        order = np.lexsort((np.arange(models), -among, -last))
        used = [m for m in order if last[m] >= 0]
        return fill_in_order(used, frame.catalogue.size_gb, frame.system.cache_gb)
