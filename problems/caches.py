"""Filling a cache in a given order."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

CAPACITY_TOLERANCE = 1e-9


def fits(used_gb: float, cache_gb: float) -> bool:
    """Whether a cache of ``cache_gb`` holds ``used_gb``, within the feasibility tolerance of the contract."""
    return used_gb <= cache_gb * (1.0 + CAPACITY_TOLERANCE)


def fill_in_order(order: Iterable[int], size_gb: np.ndarray, cache_gb: float) -> np.ndarray:
    """(M,) bool: the models of ``order`` taken one by one, those skipped that no longer fit."""
    cache = np.zeros(len(size_gb), dtype=bool)
    used = 0.0
    for model in order:
        if fits(used + size_gb[model], cache_gb):
            cache[model] = True
            used += float(size_gb[model])
    return cache
