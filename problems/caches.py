"""Caches: which sets of models fit, and filling one in a given order."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from problems.tolerances import FEASIBILITY_TOLERANCE


def room_gb(cache_gb: float) -> float:
    """The most GB of models that a cache of ``cache_gb`` holds: its capacity and the tolerance of feasibility."""
    return cache_gb * (1.0 + FEASIBILITY_TOLERANCE)


def fits(used_gb: float, cache_gb: float) -> bool:
    """Whether a cache of ``cache_gb`` holds ``used_gb``, within the feasibility tolerance of the contract."""
    return used_gb <= room_gb(cache_gb)


def fill_in_order(order: Iterable[int], size_gb: np.ndarray, cache_gb: float) -> np.ndarray:
    """(M,) bool: the models of ``order`` taken one by one, those skipped that no longer fit."""
    cache = np.zeros(len(size_gb), dtype=bool)
    used = 0.0
    for model in order:
        if fits(used + size_gb[model], cache_gb):
            cache[model] = True
            used += float(size_gb[model])
    return cache


def feasible_masks(size_gb: np.ndarray, cache_gb: float, most: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Every set of models that fits the cache, and its size.

    Sets are bit masks (F,) in increasing order, the empty one first: bit m stands for model m; sizes are (F,) GB.
    ``size_gb`` (M,), for M up to 62. Raises ValueError where there are more than ``most``.
    """
    masks, used = np.zeros(1, dtype=np.int64), np.zeros(1)
    for model, size in enumerate(size_gb):
        joined = used + size
        fit = joined <= room_gb(cache_gb)
        masks = np.concatenate([masks, masks[fit] | (1 << model)])
        used = np.concatenate([used, joined[fit]])
        if most is not None and len(masks) > most:
            raise ValueError(f"more than {most} caches are feasible")
    return masks, used


def mask_to_cache(masks: np.ndarray, models: int) -> np.ndarray:
    """(F, M) bool: bit m of a mask says whether model m is held."""
    bits: np.ndarray = (masks[:, None] >> np.arange(models)) & 1
    return bits.astype(bool)
