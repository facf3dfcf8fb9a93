"""All caches of a frame that are worth enough: depth-first search with the knapsack's linear bound."""

from __future__ import annotations

import numpy as np

from solvers.kernel import kernel

MAX_MODELS = 62
"""Caches are bit masks of 64-bit integers."""


def caches_worth(
    worth: np.ndarray, size_gb: np.ndarray, room_gb: float, least: float, most_caches: int
) -> tuple[np.ndarray, np.ndarray, bool]:
    """The bit masks (F,) of all sets of models within ``room_gb`` whose summed ``worth`` (M,) is at least ``least``.

    Also their worth (F,), the most worth first, and whether that is all of them: the search ends
    after ``most_caches``. Worth may be negative. Branches on the models in order of worth a GB and
    prunes by Dantzig's bound (Kellerer, Pferschy and Pisinger, Knapsack Problems, section 2.4).
    """
    density = worth / size_gb
    order = np.lexsort((np.arange(len(worth)), -density))
    bits = np.int64(1) << order.astype(np.int64)
    masks, values, whole = worth_search(worth[order], size_gb[order], bits, room_gb, least, most_caches)
    best_first = np.argsort(-values, kind="stable")
    return masks[best_first], values[best_first], whole


def most_worth(worth: np.ndarray, size_gb: np.ndarray, room_gb: float) -> float:
    """Dantzig's bound on the worth of any cache: the models divisible."""
    order = np.argsort(-worth / size_gb, kind="stable")
    return float(_most(worth[order], size_gb[order], 0, room_gb))


@kernel
def worth_search(
    worth: np.ndarray, size: np.ndarray, bits: np.ndarray, room: float, least: float, most: int
) -> tuple[np.ndarray, np.ndarray, bool]:
    """What :func:`caches_worth` returns, in the order of the search; models (M,) in falling order of worth a GB."""
    models = len(worth)
    masks, values = np.empty(16, dtype=np.int64), np.empty(16)
    found = 0
    taken = np.zeros(models + 1, dtype=np.int8)
    left, value, mask = np.empty(models + 1), np.empty(models + 1), np.empty(models + 1, dtype=np.int64)
    left[0], value[0], mask[0] = room, 0.0, 0
    at = 0
    while True:
        if at < models and value[at] + _most(worth, size, at, left[at]) >= least:
            inside = size[at] <= left[at]
            taken[at] = 1 if inside else 2
            left[at + 1] = left[at] - size[at] if inside else left[at]
            value[at + 1] = value[at] + worth[at] if inside else value[at]
            mask[at + 1] = mask[at] | bits[at] if inside else mask[at]
            at += 1
            continue
        if at == models and value[at] >= least:
            if found == most:
                return masks[:found], values[:found], False
            if found == len(masks):
                masks, values = np.append(masks, np.empty_like(masks)), np.append(values, np.empty_like(values))
            masks[found], values[found] = mask[at], value[at]
            found += 1
        at -= 1
        while at >= 0 and taken[at] == 2:
            at -= 1
        if at < 0:
            return masks[:found], values[:found], True
        taken[at] = 2
        left[at + 1], value[at + 1], mask[at + 1] = left[at], value[at], mask[at]
        at += 1


@kernel
def _most(worth: np.ndarray, size: np.ndarray, start: int, room: float) -> float:
    """The most worth that the models from ``start`` on can add, the last one in part."""
    total = 0.0
    for m in range(start, len(worth)):
        if worth[m] <= 0.0:
            break
        if size[m] > room:
            return total + worth[m] * room / size[m]
        room -= size[m]
        total += worth[m]
    return total
