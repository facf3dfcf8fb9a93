"""The dynamic programme over popularity state and cache."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import mask_to_cache
from problems.scenario import Demand
from solvers.frame.expected_costs import ExpectedCosts


@dataclass(frozen=True, eq=False)
class FrameProgramme:
    """Expected costs from each frame on, and the best caches by them."""

    held: np.ndarray
    """(F, M) bool: the feasible caches; the first is the empty one."""
    load_cost: np.ndarray
    """(M,): what loading each model costs."""
    value: np.ndarray
    """(T, J, F): least expected cost of the frames from t on, in state j with cache f in frame t, its loading aside."""

    @classmethod
    def solved(cls, costs: ExpectedCosts, demand: Demand, load_cost: np.ndarray, frames: int) -> FrameProgramme:
        """By backward induction (Bellman; Puterman, Markov Decision Processes, section 4.5)."""
        value = np.empty((frames, *costs.cost.shape))
        to_go = np.zeros(costs.cost.shape)
        for t in reversed(range(frames)):
            value[t] = costs.cost + to_go
            to_go = np.array(demand.transition) @ cheapest_next(value[t], costs.masks, load_cost)
        return cls(mask_to_cache(costs.masks, len(load_cost)), load_cost, value)

    def best(self, frame: int, belief: np.ndarray, previous: np.ndarray) -> int:
        """The number of the cache to hold in a frame, given probabilities of its state (J,) and the cache before (M,).

        Optimal where the state is certain. Otherwise it is as if the state were to be known from the
        next frame on (QMDP: Littman, Cassandra and Kaelbling, Learning policies for partially
        observable environments, 1995, section 5).
        """
        return int(np.argmin(belief @ self.value[frame] + self.loading(previous)))

    def loading(self, previous: np.ndarray) -> np.ndarray:
        """(F,): what it costs to go from a cache (M,) to each of the feasible ones."""
        cost: np.ndarray = (self.held & ~previous) @ self.load_cost
        return cost

    def occupancy(self, demand: Demand) -> tuple[np.ndarray, float]:
        """How many frames of a trace the policy is expected to spend in each state with each cache (J, F).

        Also the expected cost of loading in the whole trace. The state is observed; the first is drawn from
        the chain's long-run distribution, as in traces.
        """
        transition, states = np.array(demand.transition), np.eye(len(demand.skew))
        visits, loading = np.zeros(self.value.shape[1:]), 0.0
        now = {0: demand.stationary}
        for t in range(len(self.value)):
            after: dict[int, np.ndarray] = {}
            for before, weight in now.items():
                for j in np.flatnonzero(weight):
                    chosen = self.best(t, states[j], self.held[before])
                    visits[j, chosen] += weight[j]
                    loading += weight[j] * self.loading(self.held[before])[chosen]
                    after[chosen] = after.get(chosen, 0.0) + weight[j] * transition[j]
            now = after
        return visits, float(loading)


def cheapest_next(value: np.ndarray, masks: np.ndarray, load_cost: np.ndarray) -> np.ndarray:
    """(J, F): the least of the next cache's ``value`` (J, F) plus loading it, from each of the caches ``masks`` (F,).

    Loading costs are sums over models, so the minimum over all next caches is taken model by model:
    each is kept or dropped for nothing, or loaded at its price, in J M 2^M operations.
    """
    least = np.full((len(value), 1 << len(load_cost)), np.inf)
    least[:, masks] = value
    for model, price in enumerate(load_cost):
        pairs = least.reshape(len(value), -1, 2, 1 << model)
        without, held = pairs[:, :, 0].copy(), pairs[:, :, 1].copy()
        pairs[:, :, 0] = np.minimum(without, held + price)
        pairs[:, :, 1] = np.minimum(without, held)
    return least[:, masks]
