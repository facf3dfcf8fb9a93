"""The most popular models first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import fill_in_order
from problems.episode import FrameView
from solvers.base import OnlineCaching
from solvers.frame.belief import believed_popularity


@dataclass(frozen=True)
class GreedyPopularity(OnlineCaching):
    """Models in decreasing order of their request probability in the frame, as long as they fit.

    Knows the demand process; where the state is hidden, the probabilities are filtered from past
    requests. Sizes, curves and loading costs are ignored.
    """

    tier = "online-model-based"

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        order = np.argsort(-believed_popularity(frame), kind="stable")
        return fill_in_order(order, frame.catalogue.size_gb, frame.system.cache_gb)
