"""The equal split is feasible everywhere, and equal."""

from __future__ import annotations

import numpy as np
import pytest

from problems.episode import slots_of
from problems.equal_split import equal_split
from problems.judge import judge
from problems.solution import Solution
from tests.cases import as_instance, random_document, random_feasible


@pytest.mark.parametrize("seed", range(20))
def test_feasible_under_any_cache(seed: int) -> None:
    instance = as_instance(random_document(seed))
    cache = random_feasible(instance, seed).cache
    request = instance.trace.request
    cached = slots_of(instance, cache).cached
    bandwidth, steps = equal_split(
        request.reshape(cached.shape), cached, instance.catalogue, instance.system.step_budget
    )
    solution = Solution(cache, bandwidth.reshape(request.shape), steps.reshape(request.shape))
    assert judge(instance, solution).violations == ()
    for row, share in zip(request.reshape(cached.shape), bandwidth, strict=True):
        active = (row >= 0).sum()
        assert share[row >= 0].tolist() == pytest.approx([1 / max(active, 1)] * active)


def test_shares_of_the_steps() -> None:
    catalogue = as_instance(random_document(0, models=2)).catalogue
    high = int(np.ceil(catalogue.steps_high.max()))
    request = np.array([[0, 1, 0, -1]] * 4)
    cached = np.array([[True, True, True, False], [True, False, True, False], [False] * 4, [True, True, True, False]])
    _, steps = equal_split(request, cached, catalogue, 20)
    assert steps.tolist() == [[6, 6, 6, 0], [10, 0, 10, 0], [0, 0, 0, 0], [6, 6, 6, 0]]
    _, scarce = equal_split(request, cached, catalogue, 2)
    assert scarce.tolist() == [[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 0, 0]]
    _, none = equal_split(request, cached, catalogue, 0)
    assert not none.any()
    _, ample = equal_split(request, cached, catalogue, 100 * high)
    useful = np.ceil(catalogue.steps_high)[request]
    assert np.array_equal(ample, np.where(cached, useful, 0))
