"""Sample average approximation over a few frames ahead, by local search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

import numpy as np

from problems.caches import fill_in_order, room_gb
from problems.episode import FrameView
from problems.scenario import Scenario
from solvers.base import OnlineCaching
from solvers.frame.belief import known_demand, state_belief
from solvers.frame.expected_costs import check_sampling
from solvers.frame.sampled_frames import known_scenario
from solvers.frame.state_sample import StateSample

LEAST_GAIN = 1e-12
"""Relative: what counts as an improvement."""


@dataclass(frozen=True)
class SampleAverage(OnlineCaching):
    """The cache that is cheapest on average over sampled frames to come, for catalogues of any size.

    Sample average approximation (Kleywegt, Shapiro and Homem-de-Mello, 2002) with a rolling horizon: in
    every frame one cache is sought for all the frames ahead, its loading included. Its expected cost is an
    average over sampled frames of each state, weighted by how often the state is expected ahead. Local
    search adds, drops and swaps models from the present cache and from one filled by saving per GB; no
    single move improves the cheaper result. Where loading is free, nothing done now matters later
    and only the frame at hand is looked at.
    """

    tier = "online-model-based"

    horizon: int = 3
    """Frames looked ahead, the one at hand included."""
    samples: int = 8
    """Frames sampled for each popularity state, stratified."""
    seed: int = 0
    """Added to the seed of the run; at least 0."""

    def __post_init__(self) -> None:
        if self.horizon < 1:
            raise ValueError(f"horizon: {self.horizon}; must be >= 1")
        check_sampling(self.samples, self.seed)

    def seeded(self, seed: int) -> Self:
        """The strategy for one run's seed."""
        return replace(self, seed=self.seed + seed)

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        system, size = frame.system, frame.catalogue.size_gb
        horizon = min(self.horizon, frame.frames - frame.frame) if system.load_cost_per_gb > 0 else 1
        load_cost = system.load_cost_per_gb * size * ~frame.previous_cache
        samples = state_samples(known_scenario(frame), self.samples, self.seed)
        search = Search(samples, frames_ahead(frame, horizon), size, system.cache_gb, load_cost)
        found = [search.improved(frame.previous_cache.copy()), search.improved(search.filled())]
        return min(found, key=search.cost)


def frames_ahead(frame: FrameView, horizon: int) -> np.ndarray:
    """(J,) how many of the ``horizon`` frames from this one on are expected to be in each state."""
    belief, transition = state_belief(frame), np.array(known_demand(frame).transition)
    expected = np.zeros_like(belief)
    for _ in range(horizon):
        expected += belief
        belief = belief @ transition
    return expected


@lru_cache(maxsize=4)
def state_samples(scenario: Scenario, samples: int, seed: int) -> tuple[StateSample, ...]:
    """A sample of every state."""
    return tuple(StateSample(scenario, state, samples, seed) for state in range(len(scenario.demand.skew)))


@dataclass(frozen=True, eq=False)
class Search:
    """Local search for one cache for some frames to come."""

    samples: tuple[StateSample, ...]
    """One a state."""
    frames: np.ndarray
    """(J,): expected number of frames in each state."""
    size_gb: np.ndarray
    """(M,)."""
    cache_gb: float
    load_cost: np.ndarray
    """(M,): what holding each model costs that is not held yet."""

    def cost(self, cache: np.ndarray) -> float:
        """Expected cost of a cache (M,), its loading included."""
        costs = [weight * sample.cost(cache) for sample, weight in self._likely()]
        return sum(costs) + float(self.load_cost @ cache)

    def relaxed(self, cache: np.ndarray) -> tuple[float, np.ndarray]:
        """A lower bound on the cost of every cache: ``constant + cache @ price`` with ``price`` (M,).

        It is closest for caches much like the one it is made for.
        """
        constant, price = 0.0, self.load_cost.copy()
        for sample, weight in self._likely():
            fixed, saving = sample.relaxed(cache)
            constant += weight * fixed
            price -= weight * saving
        return constant, price

    def filled(self) -> np.ndarray:
        """(M,) the models that save more than their loading, the most per GB first, as if steps were free."""
        _, price = self.relaxed(np.zeros(len(self.size_gb), dtype=bool))
        per_gb = price / self.size_gb
        order = [m for m in np.argsort(per_gb, kind="stable") if per_gb[m] < 0]
        return fill_in_order(order, self.size_gb, self.cache_gb)

    def improved(self, cache: np.ndarray) -> np.ndarray:
        """(M,) a cache that no add, drop or swap improves; the steps to it start from ``cache``."""
        while (better := self._better(cache)) is not None:
            cache = better
        return cache

    def _better(self, cache: np.ndarray) -> np.ndarray | None:
        """A neighbour that costs less, or None. Those that the bound rules out are not costed."""
        present = self.cost(cache)
        enough = present - LEAST_GAIN * abs(present)
        constant, price = self.relaxed(cache)
        near = self._neighbours(cache)
        bound = constant + near @ price
        for i in np.argsort(bound, kind="stable"):
            if bound[i] >= enough:
                return None
            if self.cost(near[i]) < enough:
                return near[i]
        return None

    def _likely(self) -> list[tuple[StateSample, float]]:
        return [(sample, weight) for sample, weight in zip(self.samples, self.frames.tolist(), strict=True) if weight]

    def _neighbours(self, cache: np.ndarray) -> np.ndarray:
        """(P, M) bool: the feasible caches with one model more, one less or one exchanged."""
        single = np.eye(len(cache), dtype=bool)
        held, free = np.flatnonzero(cache), np.flatnonzero(~cache)
        swaps = (single[held][:, None] | single[free][None]).reshape(-1, len(cache))
        near = np.concatenate([single, swaps]) ^ cache
        feasible: np.ndarray = near[near @ self.size_gb <= room_gb(self.cache_gb)]
        return feasible
