"""The Zipf law of greatest likelihood."""

from __future__ import annotations

import numpy as np
import pytest

from problems.production.zipf import fit_zipf, zipf_popularity


def test_the_zipf_law_of_exact_shares_is_found_again() -> None:
    order, skew = np.array([[2, 0, 1, 3], [0, 1, 2, 3]]), np.array([0.7, 2.2])
    found = fit_zipf(1000 * zipf_popularity(order, skew))
    assert np.array_equal(found[0], order)
    assert found[1] == pytest.approx(skew, abs=1e-9)


def test_no_other_exponent_is_more_likely() -> None:
    count = np.random.default_rng(0).integers(0, 50, (1, 6)).astype(float)
    order, skew = fit_zipf(count)
    best = (count * np.log(zipf_popularity(order, skew))).sum()
    for other in np.linspace(0, 3, 31):
        assert (count * np.log(zipf_popularity(order, np.array([other])))).sum() <= best + 1e-9


def test_requests_for_one_model_or_for_none_have_a_law_too() -> None:
    _, skew = fit_zipf(np.array([[5.0, 0, 0], [0, 0, 0]]))
    assert skew == pytest.approx([8.0, 0.0], abs=1e-9)


def test_equal_counts_stand_in_the_order_of_their_places() -> None:
    order, skew = fit_zipf(np.array([[2.0, 5.0, 2.0, 5.0], [3.0, 3.0, 3.0, 3.0]]))
    assert order.tolist() == [[1, 3, 0, 2], [0, 1, 2, 3]]
    assert skew[1] == pytest.approx(0.0, abs=1e-9)


def test_popularity_is_the_share_of_each_rank_by_model() -> None:
    popularity = zipf_popularity(np.array([[2, 0, 1]]), np.array([1.0]))
    assert popularity[0] == pytest.approx(np.array([1 / 2, 1 / 3, 1.0]) / (1 + 1 / 2 + 1 / 3))
