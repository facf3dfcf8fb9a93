"""The expected cost of a frame in each popularity state under each feasible cache, by sample averages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from problems.scenario import Scenario
from solvers.base import Budget
from solvers.frame.sampled_frames import sampled_frames
from solvers.frame.stage_costs import listed_masks, stage_costs


@dataclass(frozen=True, eq=False)
class ExpectedCosts:
    """Estimates of the summed request costs of a frame under exact allocation, loading aside."""

    masks: np.ndarray
    """(F,) the feasible caches as bit masks, in increasing order; the first is the empty one."""
    cost: np.ndarray
    """(J, F)."""


@lru_cache(maxsize=8)
def expected_costs(scenario: Scenario, samples: int, seed: int) -> ExpectedCosts:
    """Averages over ``samples`` frames a state, stratified.

    All caches are costed on the same frames (common random numbers), so that differences between
    them are far more certain than the costs themselves. Raises Unsuitable for more than 20 models.
    """
    no_frames = np.zeros(0, dtype=np.int64)
    # refuses large catalogues before it takes time
    masks, _ = listed_masks(sampled_frames(scenario, no_frames))
    costs = sampled_costs(scenario, masks, samples, "expected-costs", seed)
    return ExpectedCosts(masks, costs.mean(axis=1))


def sampled_costs(scenario: Scenario, masks: np.ndarray, samples: int, *words: object) -> np.ndarray:
    """(J, samples, F): the costs of frames of every state under caches (F,); equal words, equal frames."""
    states = len(scenario.demand.skew)
    costs = np.empty((states, samples, len(masks)))
    for j in range(states):
        frames = sampled_frames(scenario, np.full(samples, j), *words, j)
        stages = stage_costs(frames, masks, Budget())
        assert stages is not None  # the budget has no limit
        costs[j] = stages.cost
    return costs


def check_sampling(samples: int, seed: int) -> None:
    """Raise ValueError for settings that no sample can be drawn by."""
    if samples < 1:
        raise ValueError(f"samples: {samples}; must be >= 1")
    if seed < 0:
        raise ValueError(f"seed: {seed}; must be >= 0")
