"""The greatest expected benefit per gigabyte first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems import physics
from problems.caches import fill_in_order
from problems.episode import FrameView
from solvers.base import OnlineCaching
from solvers.frame.belief import believed_popularity, known_demand


@dataclass(frozen=True)
class GreedyBenefit(OnlineCaching):
    """Models in decreasing order of expected saving per GB, as long as they fit and save anything.

    The saving of a model in a frame is the expected number of requests for it times what one
    of them saves when the edge serves it at best quality instead of the cloud, less the cost of loading it
    if the cache does not hold it yet. Knows the demand process; the scarcity of steps is ignored.
    """

    tier = "online-model-based"

    def choose(self, frame: FrameView) -> np.ndarray:
        """(M,) bool."""
        catalogue, system, demand = frame.catalogue, frame.system, known_demand(frame)
        expected_requests = frame.slots * frame.users * demand.activity * believed_popularity(frame)
        loading = np.where(frame.previous_cache, 0.0, system.load_cost_per_gb * catalogue.size_gb)
        benefit = expected_requests * saving_of_a_request(frame) - loading
        per_gb = benefit / catalogue.size_gb
        order = [m for m in np.argsort(-per_gb, kind="stable") if per_gb[m] > 0]
        return fill_in_order(order, catalogue.size_gb, system.cache_gb)


def saving_of_a_request(frame: FrameView) -> np.ndarray:
    """(M,) cost that one request saves at the edge, at best quality, over the cloud; air time and deadline aside."""
    catalogue, demand = frame.catalogue, known_demand(frame)
    edge = physics.edge_time_s(np.ceil(catalogue.steps_high), catalogue.step_s, catalogue.setup_s)
    sizes = _log_uniform_mean(demand.input_mb), _log_uniform_mean(demand.output_mb)
    cloud = physics.cloud_time_s(np.array(sizes[0]), np.array(sizes[1]), catalogue.cloud_s, frame.system)
    saving: np.ndarray = frame.system.latency_weight * (cloud - edge)
    return saving


def _log_uniform_mean(bounds: tuple[float, float]) -> float:
    low, high = bounds
    return low if low == high else float((high - low) / np.log(high / low))
