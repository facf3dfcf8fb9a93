"""Arrays from what a file holds, checked: their shape, their type, and that every number is finite."""

from __future__ import annotations

from typing import Any

import numpy as np

from problems.io.errors import InputError, shorten


def number_array(value: Any, field: str, shape: tuple[int, ...], kinds: str = "iuf") -> np.ndarray:
    """``value`` as an array of ``shape``, checked.

    ``kinds`` are the NumPy dtype kinds allowed: ``"iu"`` whole numbers, ``"f"`` decimals.
    Raises InputError for ragged lists, other types, wrong shapes and numbers that are not finite.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise InputError(f"{field}: ragged list; must be an array of shape {list(shape)}") from None
    if array.shape != shape:
        raise InputError(f"{field}: array of shape {list(array.shape)}; must be {list(shape)}")
    if array.dtype.kind not in kinds or (isinstance(value, list) and _holds_bool(value)):
        words = "finite numbers" if "f" in kinds else "whole numbers"
        raise InputError(f"{field}: {shorten(first_odd(value, kinds))}; must hold {words}")
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        place = first_index(~np.isfinite(array))
        raise InputError(f"{field}{place}: not a finite number")
    return array


def _holds_bool(value: Any) -> bool:
    return any(map(_holds_bool, value)) if isinstance(value, list) else isinstance(value, bool)


def first_odd(value: Any, kinds: str) -> object:
    """The first entry that is not of the wanted kinds, for a message."""
    wanted: tuple[type, ...] = (int, float) if "f" in kinds else (int,)
    for entry in np.array(value, dtype=object).ravel().tolist():
        if isinstance(entry, bool) or not isinstance(entry, wanted) or (isinstance(entry, int) and abs(entry) >= 2**63):
            return entry
    return np.asarray(value).dtype.name


def first_index(mask: np.ndarray) -> str:
    """The place of the first true entry, written ``[t][k][n]``."""
    return "".join(f"[{i}]" for i in np.argwhere(mask)[0])
