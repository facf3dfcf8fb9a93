"""No optimum gives anybody less than the least share."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.allocation.exact import ExactAllocation
from solvers.programme.least_shares import least_shares
from tests.cases import as_instance, random_document
from tests.solvers.slot.slot_cases import late_slots, random_slots
from tests.solvers.support import slots_where, with_system


@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_the_exact_allocation_stays_above_it_whatever_is_cached(seed: int, deadline: bool) -> None:
    slots = late_slots(seed, shape=(2, 2, 4))[1] if deadline else random_slots(seed, shape=(2, 2, 4), deadline=False)[1]
    if slots.system.latency_weight == 0 and not deadline:
        pytest.skip("every bandwidth is optimal")
    least = least_shares(slots)
    for cached in (slots.cached, slots.active, np.zeros_like(slots.active)):
        bandwidth = ExactAllocation().allocate(slots.caching(cached))[0]
        assert (bandwidth >= least).all()


@pytest.mark.parametrize("seed", range(4))
def test_it_is_next_to_nothing_only_for_those_who_send_next_to_nothing(seed: int) -> None:
    slots = slots_where(as_instance(random_document(seed, shape=(2, 2, 4), deadline=False, idle=0.3)))
    least, sends = least_shares(slots), slots.input_mb + slots.output_mb > 0
    assert (least[~slots.active] == 0).all()
    assert (least[slots.active & ~sends] == 0).all()
    assert (least[slots.active & sends] > 1e-6).all()
    assert (least.sum(axis=1) <= 1).all()


def test_a_price_of_lateness_that_is_none_changes_nothing() -> None:
    instance = as_instance(random_document(1, deadline=False))
    late = with_system(instance, deadline_s=1.0, late_penalty=0.0)
    assert (least_shares(slots_where(instance)) == least_shares(slots_where(late))).all()
