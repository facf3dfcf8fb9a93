"""``equal``: the same share and the same steps for everybody."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.allocation.equal import EqualAllocation
from tests.solvers.slot.slot_cases import random_slots


@pytest.mark.parametrize("seed", range(10))
def test_equal_shares_are_equal(seed: int) -> None:
    _, slots, _ = random_slots(seed, shape=(2, 3, 5))
    bandwidth, steps = EqualAllocation().allocate(slots)
    useful = np.maximum(np.ceil(slots.catalogue.steps_high[slots.request]), 1)
    for row, active in enumerate(slots.active):
        edge = active & slots.cached[row]
        assert len(set(bandwidth[row, active])) <= 1
        assert bandwidth[row].sum() == pytest.approx(1.0 if active.any() else 0.0)
        share = slots.system.step_budget // max(edge.sum(), 1)
        assert (steps[row, edge] == np.minimum(share, useful[row, edge])).all()
