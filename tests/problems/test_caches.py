"""Which sets of models fit a cache, and filling one in order."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from problems.caches import feasible_masks, fill_in_order, fits, mask_to_cache
from tests.cases import as_instance, random_document


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


@pytest.mark.parametrize("seed", range(5))
def test_the_feasible_masks_are_the_sets_that_fit_in_order(seed: int) -> None:
    instance = as_instance(random_document(seed, models=5))
    sizes, capacity = instance.catalogue.size_gb, instance.system.cache_gb
    expected = {
        sum(1 << m for m in held)
        for count in range(6)
        for held in itertools.combinations(range(5), count)
        if sum(sizes[m] for m in held) <= capacity * (1 + 1e-9)
    }
    masks, used = feasible_masks(sizes, capacity)
    assert masks.tolist() == sorted(expected)
    held = mask_to_cache(masks, 5)
    assert held @ sizes == pytest.approx(used)
    assert (held @ (1 << np.arange(5)) == masks).all()


def test_a_cache_that_is_full_to_the_last_byte_counts_as_feasible() -> None:
    sizes = np.array([2.9, 0.1, 3.3, 0.2])
    assert 0b1010 in feasible_masks(sizes, sizes[1] + sizes[3])[0]


def test_more_sets_than_are_allowed_are_refused() -> None:
    assert len(feasible_masks(np.ones(5), 2.0, most=16)[0]) == 16
    with pytest.raises(ValueError, match=r"^more than 15 caches are feasible$"):
        feasible_masks(np.ones(5), 2.0, most=15)
