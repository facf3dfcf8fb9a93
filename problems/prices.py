"""Prices of both budgets and of loading: a proof of a lower bound on J that anyone can recompute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Prices:
    """What :func:`problems.certificates.bound.certified_bound` needs beside the instance."""

    steps: np.ndarray
    """(T, K) lambda: cost a step."""
    bandwidth: np.ndarray
    """(T, K) nu: cost of the whole band."""
    loading: np.ndarray
    """(T, M) mu: the part of the loading price that is charged for holding a model not held before."""
