"""The best cache for the frame that begins, whatever it costs to load."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from problems.caches import mask_to_cache
from problems.episode import FrameView
from solvers.base import OnlineCaching
from solvers.frame.belief import state_belief
from solvers.frame.expected_costs import check_sampling, expected_costs
from solvers.frame.sampled_frames import known_scenario


@dataclass(frozen=True)
class Myopic(OnlineCaching):
    """In every frame the feasible cache of least expected request cost in the present state, loading ignored.

    Expected costs are sample averages; with a hidden state they are weighted by the belief, which is
    exact for one frame. Among equal caches the one of the lowest numbers is taken. The costs are sampled whole,
    whatever the time limit. Raises Unsuitable for more than 20 models.
    """

    tier = "online-model-based"
    honours_limits = False

    samples: int = 100
    """Frames sampled for each popularity state, stratified."""
    seed: int = 0
    """Added to the seed of the run; at least 0."""

    def __post_init__(self) -> None:
        check_sampling(self.samples, self.seed)

    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""
        return replace(self, seed=self.seed + seed)

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        costs = expected_costs(known_scenario(frame), self.samples, self.seed)
        best = int(np.argmin(state_belief(frame) @ costs.cost))
        return mask_to_cache(costs.masks[[best]], len(frame.models))[0]
