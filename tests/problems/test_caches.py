"""Filling a cache in order."""

from __future__ import annotations

import numpy as np
import pytest

from problems.caches import fill_in_order, fits


@pytest.mark.parametrize(
    ("order", "capacity", "held"),
    [
        ([0, 1, 2, 3], 9.0, [0, 1]),
        ([3, 2, 1, 0], 9.0, [3, 0]),
        ([3, 2, 1, 0], 5.0, [2]),
        ([3, 1], 100.0, [1, 3]),
        ([], 100.0, []),
        ([0, 1, 2, 3], 0.0, []),
        ([0, 1, 2, 3], 18.0, [0, 1, 2, 3]),
    ],
)
def test_the_first_that_fit(order: list[int], capacity: float, held: list[int]) -> None:
    sizes = np.array([3.0, 4.0, 5.0, 6.0])
    assert np.nonzero(fill_in_order(order, sizes, capacity))[0].tolist() == sorted(held)


def test_a_cache_that_is_full_to_the_last_bit() -> None:
    assert fill_in_order(range(10), np.full(10, 0.1), 1.0).all()
    assert fits(1 + 5e-10, 1.0)
    assert not fits(1 + 2e-9, 1.0)
