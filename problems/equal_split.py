"""The split that nobody tuned: equal shares of both budgets."""

from __future__ import annotations

import numpy as np

from problems.scenario import Catalogue


def equal_split(
    request: np.ndarray, cached: np.ndarray, catalogue: Catalogue, step_budget: int
) -> tuple[np.ndarray, np.ndarray]:
    """Bandwidth and steps in equal shares. All arrays have shape (B, N), one row a slot.

    Every active user gets the same bandwidth. The users whose model is cached share the steps
    equally, each at most as many as its model can use (``steps_high``); where there are fewer
    steps than such users, the first in line get one each and the others go to the cloud.
    """
    active = request >= 0
    bandwidth = active / np.maximum(active.sum(axis=1, keepdims=True), 1)
    edge = active & cached
    served = edge & (np.cumsum(edge, axis=1) <= step_budget)
    share = step_budget // np.maximum(served.sum(axis=1, keepdims=True), 1)
    useful = np.maximum(np.ceil(catalogue.steps_high[request]), 1.0).astype(np.int64)
    return bandwidth, np.where(served, np.minimum(share, useful), 0)
