"""What an allocation costs, slot by slot: what searches compare. What is reported comes from the judge."""

from __future__ import annotations

import numpy as np

from problems import physics
from problems.episode import Slots


def slot_costs(slots: Slots, bandwidth: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """(B,) summed request costs of slots under an allocation: what the search compares, not what is reported."""
    catalogue, request = slots.catalogue, slots.request
    edge = physics.edge_time_s(steps, catalogue.step_s[request], catalogue.setup_s[request])
    cloud = physics.cloud_time_s(slots.input_mb, slots.output_mb, catalogue.cloud_s[request], slots.system)
    quality = physics.quality_tv(
        steps,
        catalogue.steps_low[request],
        catalogue.steps_high[request],
        catalogue.tv_worst[request],
        catalogue.tv_best[request],
    )
    latency = air_time(slots, bandwidth) + np.where(steps >= 1, edge, cloud)
    tv = np.where(steps >= 1, quality, catalogue.tv_best[request])
    total: np.ndarray = np.where(slots.active, physics.request_cost(latency, tv, slots.system), 0.0).sum(axis=1)
    return total


def air_time(slots: Slots, bandwidth: np.ndarray) -> np.ndarray:
    """(B, N) air times in seconds; 0 for idle users."""
    active = slots.active
    share, gain = np.where(active, bandwidth, 1.0), np.where(active, slots.gain, 1.0)
    air = physics.air_time_s(share, gain, slots.input_mb, slots.output_mb, slots.system)
    return np.where(active, air, 0.0)
