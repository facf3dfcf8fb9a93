"""Averages that the tables and figures use."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

TIME_SHIFT_S = 1.0
"""Shift of the geometric mean of times: below it, differences count little."""


def shifted_geometric_mean(values: Iterable[float], shift: float = TIME_SHIFT_S) -> float:
    """(prod_i (v_i + shift))^(1/n) - shift; NaN for no values.

    Neither a few very long nor many very short times dominate it. Source: T. Achterberg, Constraint
    Integer Programming, PhD thesis, TU Berlin 2007, appendix A.3.

    Raises ValueError unless every value is above -shift.
    """
    array = np.fromiter(values, dtype=float)
    if array.size == 0:
        return float("nan")
    if not (array > -shift).all():
        raise ValueError(f"values: smallest is {array.min():g}; must be > {-shift:g}")
    return float(np.exp(np.log(array + shift).mean()) - shift)
