"""What steps and allocations cost, slot by slot: what searches compare. What is reported comes from the judge."""

from __future__ import annotations

import numpy as np

from problems import physics
from problems.episode import Slots


def slot_costs(slots: Slots, bandwidth: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """(B,) summed request costs of slots under an allocation (B, N), lateness included."""
    seconds, tv = service(slots, steps[..., None])
    cost = physics.request_cost(air_time(slots, bandwidth) + seconds[..., 0], tv[..., 0], slots.system)
    total: np.ndarray = np.where(slots.active, cost, 0.0).sum(axis=1)
    return total


def air_time(slots: Slots, bandwidth: np.ndarray) -> np.ndarray:
    """(B, N) air times in seconds; 0 for idle users."""
    active = slots.active
    share, gain = np.where(active, bandwidth, 1.0), np.where(active, slots.gain, 1.0)
    air = physics.air_time_s(share, gain, slots.input_mb, slots.output_mb, slots.system)
    return np.where(active, air, 0.0)


def service(slots: Slots, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seconds besides air time, and TV, of every user at each of its ``steps`` (B, N, O); 0 for idle users."""
    catalogue, request = slots.catalogue, slots.request[..., None]
    edge, active = steps >= 1, slots.active[..., None]
    generation = physics.edge_time_s(steps, catalogue.step_s[request], catalogue.setup_s[request])
    cloud = physics.cloud_time_s(
        slots.input_mb[..., None], slots.output_mb[..., None], catalogue.cloud_s[request], slots.system
    )
    quality = physics.quality_tv(
        steps,
        catalogue.steps_low[request],
        catalogue.steps_high[request],
        catalogue.tv_worst[request],
        catalogue.tv_best[request],
    )
    seconds = np.where(edge, generation, cloud)
    tv = np.where(edge, quality, catalogue.tv_best[request])
    return np.where(active, seconds, 0.0), np.where(active, tv, 0.0)


def service_costs(slots: Slots, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seconds besides air time, and cost without air time and lateness, of steps (B, N, O); 0 for idle users."""
    seconds, tv = service(slots, steps)
    system = slots.system.model_copy(update={"deadline_s": None})
    return seconds, np.where(slots.active[..., None], physics.request_cost(seconds, tv, system), 0.0)
