"""Solutions as compressed bytes that keep every bit, also of decisions that no solution file may hold."""

from __future__ import annotations

import json

import numpy as np

from problems.io.errors import InputError
from problems.io.npz import from_npz, one_array, to_npz
from problems.prices import Prices
from problems.solution import Solution

_DECISIONS = ("cache", "bandwidth", "steps")
_CLAIMS = ("lower_bound", "status", "objective", "solver", "tier", "instance", "instance_sha256")


def pack_solution(solution: Solution) -> bytes:
    """The bytes of a solution and its prices; NaN and infinite decisions included."""
    claims = {name: getattr(solution, name) for name in _CLAIMS}
    arrays = {name: _small(getattr(solution, name)) for name in _DECISIONS}
    if solution.prices is not None:
        arrays |= {f"prices.{name}": np.asarray(value) for name, value in vars(solution.prices).items()}
    return to_npz(json.dumps(claims, allow_nan=False), arrays)


def unpack_solution(content: bytes) -> Solution:
    """The inverse of :func:`pack_solution`. Raises InputError for anything else."""
    claims, arrays = from_npz(content)
    priced = {name.removeprefix("prices."): arrays[name] for name in arrays if name not in _DECISIONS}
    try:
        prices = Prices(**priced) if priced else None
        cache, bandwidth, steps = (arrays[name] for name in _DECISIONS)
        return Solution(cache, bandwidth, steps, prices=prices, **claims)
    except (KeyError, TypeError) as error:
        raise InputError(f"not a packed solution: {error}") from None


def unpack_cache(content: bytes) -> np.ndarray:
    """The cache of a packed solution alone. Raises InputError for anything else."""
    return one_array(content, "cache")


def pack_prices(prices: Prices) -> bytes:
    """The bytes of prices alone."""
    return to_npz("{}", {name: np.asarray(value) for name, value in vars(prices).items()})


def unpack_prices(content: bytes) -> Prices:
    """The inverse of :func:`pack_prices`. Raises InputError for anything else."""
    _, arrays = from_npz(content)
    try:
        return Prices(**arrays)
    except TypeError as error:
        raise InputError(f"not packed prices: {error}") from None


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
