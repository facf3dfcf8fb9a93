"""The few step counts that the convex envelope of a user's cost needs.

The cost of serving at the edge rises on [1, A1], is linear on (A1, A2) and rises from ceil(A2) on.
The lower convex envelope of its whole numbers therefore has no corners but 1, floor(A2) and ceil(A2).
"""

from __future__ import annotations

import numpy as np

from problems.episode import Slots


def step_range(slots: Slots) -> tuple[np.ndarray, np.ndarray]:
    """The fewest and the most steps (B, N) int that are allowed and of use to each user, whatever the others take.

    From 0, or from 1 where the edge is forced, to ``ceil(A2)`` within the budget; 0 to 0 for users
    who are idle or whose model is not cached.
    """
    budget, edge = slots.system.step_budget, slots.active & slots.cached
    useful = np.minimum(np.maximum(np.ceil(slots.catalogue.steps_high), 1.0), budget).astype(np.int64)
    fewest = np.where(edge & slots.system.forced_edge, 1, 0)
    return fewest, np.where(edge, useful[slots.request], 0)


def envelope_steps(slots: Slots) -> np.ndarray:
    """(B, N, 4) int, increasing: the fewest steps allowed, 1, floor(A2) and ceil(A2), kept within the allowed range.

    The lower convex envelope of the cost without deadline over all steps allowed has its corners
    among them; with one it lies below the cost still.
    """
    fewest, most = step_range(slots)
    floor = np.floor(np.clip(slots.catalogue.steps_high[slots.request], 1.0, np.maximum(most, 1)))
    corners = np.stack([fewest, np.ones_like(fewest), floor.astype(np.int64), most], axis=-1)
    return np.clip(corners, fewest[..., None], most[..., None])


def deadline_steps(slots: Slots, air: np.ndarray) -> np.ndarray:
    """(B, N, 2) int: the most steps in time after ``air`` (B, N) seconds, and one more, within the allowed range.

    With the corners of :func:`envelope_steps` they are the corners of the cost with lateness. None,
    (B, N, 0), where lateness has no price.
    """
    if not slots.system.couples_budgets:
        return np.empty((*air.shape, 0), dtype=np.int64)
    assert slots.system.deadline_s is not None
    fewest, most = step_range(slots)
    step_s = slots.catalogue.step_s[slots.request]
    spare = slots.system.deadline_s - air - slots.catalogue.setup_s[slots.request]
    in_time = np.divide(spare, step_s, out=np.zeros_like(air), where=step_s > 0)
    in_time = np.floor(np.clip(in_time, -1.0, most)).astype(np.int64)
    return np.clip(np.stack([in_time, in_time + 1], axis=-1), fewest[..., None], most[..., None])
