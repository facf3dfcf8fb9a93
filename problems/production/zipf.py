"""The Zipf law that makes counted requests most likely."""

from __future__ import annotations

import numpy as np

LARGEST_SKEW = 8.0
_HALVINGS = 40


def fit_zipf(count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Orders (J, M) and exponents (J,) of the Zipf laws of greatest likelihood for counts (J, M) >= 0.

    The order is by the counts, equal ones by their index. The exponent is where the mean of log rank under
    the law is that of the counts, found by bisection on [0, 8]; without any request it is 0.
    """
    order = np.argsort(-count, axis=1, kind="stable")
    ranked = np.take_along_axis(count, order, axis=1)
    log_rank = np.log(np.arange(1, count.shape[1] + 1))
    total = ranked.sum(axis=1)
    wanted = np.where(total > 0, ranked @ log_rank / np.maximum(total, 1e-300), np.inf)
    low, high = np.zeros(len(count)), np.full(len(count), LARGEST_SKEW)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        weight = np.exp(-np.outer(middle, log_rank))
        too_flat = weight @ log_rank / weight.sum(axis=1) > wanted
        low, high = np.where(too_flat, middle, low), np.where(too_flat, high, middle)
    return order, low


def zipf_popularity(order: np.ndarray, skew: np.ndarray) -> np.ndarray:
    """(J, M) the probabilities rank^-skew, normalised, by model."""
    weight = np.arange(1, order.shape[1] + 1, dtype=float) ** -skew[:, None]
    popularity = np.empty(order.shape)
    np.put_along_axis(popularity, order, weight / weight.sum(axis=1, keepdims=True), axis=1)
    return popularity
