"""What any cache costs in a frame, against the costs of listed caches."""

from __future__ import annotations

import numpy as np
import pytest

from problems.caches import mask_to_cache
from solvers.base import Budget
from solvers.frame.cache_costs import CacheCosts
from solvers.frame.stage_costs import FrameCosts
from tests.cases import as_instance, random_document, sampled


@pytest.mark.parametrize("family", ["small", "paper", "deadline"])
def test_they_are_those_of_the_enumeration(family: str) -> None:
    instance = sampled(family, 1, 0)
    masks = np.array([0, 1, 2, 5, 9, 14, 31])
    costs, reference = CacheCosts(instance, 1), FrameCosts(instance, 1)
    assert reference.learn(masks, Budget())
    caches = mask_to_cache(masks, len(instance.models))
    assert costs.of(caches) == pytest.approx(reference.of(masks)[0], rel=1e-5 if family == "deadline" else 1e-12)
    assert costs.knows(caches[3])
    assert (costs.of(caches[::-1]) == costs.of(caches)[::-1]).all()


def test_models_that_nobody_asks_for_change_nothing_and_need_no_second_look() -> None:
    document = random_document(3, shape=(1, 2, 3), models=4, deadline=False)
    document["trace"]["request"] = [[[0, 1, -1], [1, -1, 0]]]
    costs = CacheCosts(as_instance(document), 0)
    bare, full = np.array([True, False, False, False]), np.array([True, False, True, True])
    (first,) = costs.of(bare[None])
    assert costs.knows(full)
    assert costs.of(full[None])[0] == first
    assert not costs.knows(np.array([True, True, False, False]))
