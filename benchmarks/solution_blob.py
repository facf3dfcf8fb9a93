"""Solutions as compressed bytes that keep every bit, also of decisions that no solution file may hold."""

from __future__ import annotations

import json

import numpy as np

from problems import files
from problems.solution import Solution

_CLAIMS = ("lower_bound", "status", "objective", "solver", "tier", "instance", "instance_sha256")


def pack_solution(solution: Solution) -> bytes:
    """The bytes of a solution; NaN and infinite decisions included."""
    claims = {name: getattr(solution, name) for name in _CLAIMS}
    arrays = {"cache": solution.cache, "bandwidth": solution.bandwidth, "steps": solution.steps}
    return files.to_npz(json.dumps(claims, allow_nan=False), {name: _small(array) for name, array in arrays.items()})


def unpack_solution(content: bytes) -> Solution:
    """The inverse of :func:`pack_solution`. Raises InputError for anything else."""
    claims, arrays = files.from_npz(content)
    return Solution(**claims, cache=arrays["cache"], bandwidth=arrays["bandwidth"], steps=arrays["steps"])


def _small(array: np.ndarray) -> np.ndarray:
    """The array in the smallest type that holds the same numbers."""
    if array.dtype.kind not in "iuf":
        return array
    with np.errstate(invalid="ignore"):
        for dtype in (np.uint8, np.int32):
            narrow = array.astype(dtype)
            if np.array_equal(narrow, array):
                return narrow
    return array
