"""The best online caching policy: what a learner could reach at most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np
from scipy import stats

from problems.episode import FrameView
from problems.scenario import Scenario
from solvers.base import OnlineCaching
from solvers.frame.belief import state_belief
from solvers.frame.dynamic_programme import FrameProgramme
from solvers.frame.expected_costs import check_sampling, expected_costs, sampled_costs
from solvers.frame.sampled_frames import known_scenario

GROUP_SAMPLES = 20
"""Frames a state in each group of an estimate; stratified within a group, groups are independent."""


@dataclass(frozen=True)
class CostEstimate:
    """An expected cost J, estimated by the mean of independent groups of samples."""

    mean: float
    standard_error: float
    groups: int

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Holds the expected cost with this probability, as far as the groups' means are normal (Student)."""
        reach = float(stats.t.ppf(0.5 + confidence / 2, self.groups - 1)) * self.standard_error
        return self.mean - reach, self.mean + reach


@dataclass(frozen=True)
class OnlineOptimal(OnlineCaching):
    """The non-anticipative caching policy of least expected cost, for exact allocation: J_on.

    A dynamic programme over popularity state and cache for the frames left, loading included. It is
    optimal for its estimates of the expected request costs, which are sample averages: with more
    ``samples`` it comes as close as one likes to the best online policy. Where the state is hidden, states are
    weighted by the belief and treated as if they were known from the next frame on (QMDP), which need
    not be optimal. The costs are sampled whole, whatever the time limit. Raises Unsuitable for more than 20 models.
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
        programme = frame_programme(known_scenario(frame), self.samples, self.seed)
        chosen: np.ndarray = programme.held[programme.best(frame.frame, state_belief(frame), frame.previous_cache)]
        return chosen.copy()

    def expected_cost(self, scenario: Scenario, groups: int = 20) -> CostEstimate:
        """The cost J that the policy is expected to have on traces of a scenario.

        Estimated on ``groups`` >= 2 times 20 frames a state that it was not planned on: on its own it would
        look better than it is (Mak, Morton and Wood, Monte Carlo bounding techniques, 1999). The
        chances of being in a state with a cache, and with them the loading cost, are exact. The policy
        is the one that observes the state: where it is hidden, no policy can expect to cost less than
        the best such policy. Where users may be idle, J is taken per expected request.
        """
        if groups < 2:
            raise ValueError(f"groups: {groups}; must be >= 2")
        programme = frame_programme(scenario, self.samples, self.seed)
        visits, loading = programme.occupancy(scenario.demand)
        used = np.flatnonzero(visits.any(axis=0))
        masks = programme.held[used] @ (1 << np.arange(len(scenario.models)))
        totals = np.empty(groups)
        for group in range(groups):
            costs = sampled_costs(scenario, masks, GROUP_SAMPLES, "policy", self.seed, group)
            totals[group] = loading + (costs.mean(axis=1) * visits[:, used]).sum()
        requests = scenario.frames * scenario.slots * scenario.users * scenario.demand.activity
        costs_a_request = totals / max(requests, 1.0)
        error = costs_a_request.std(ddof=1) / np.sqrt(groups)
        return CostEstimate(float(costs_a_request.mean()), float(error), groups)


@lru_cache(maxsize=8)
def frame_programme(scenario: Scenario, samples: int, seed: int) -> FrameProgramme:
    """The solved programme of a scenario, on expected costs by so many samples."""
    load_cost = scenario.system.load_cost_per_gb * scenario.catalogue.size_gb
    costs = expected_costs(scenario, samples, seed)
    return FrameProgramme.solved(costs, scenario.demand, load_cost, scenario.frames)
