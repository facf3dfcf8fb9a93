"""Many cells at once against what a reference says of one."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from benchmarks.references.reference import Reference
from reports.study.measures import measures

KNOWN = (None, 0.0, 1.0, 1.5, 2.0)
REFERENCES = [
    Reference(best_cost=best, best_bound=bound, cloud_cost=cloud, provers=provers)
    for best, bound, cloud, provers in product(KNOWN[1:], KNOWN, KNOWN, ((), ("exact",)))
]
COSTS = (0.0, 1.25, 1.5, 2.0, 3.0)


@pytest.mark.parametrize("cost", COSTS)
def test_each_cell_has_what_its_reference_says(cost: float) -> None:
    found = measures(REFERENCES, np.arange(len(REFERENCES)), np.full(len(REFERENCES), cost))
    for reference, *row in zip(REFERENCES, *found.values(), strict=True):
        stake = math.nan if reference.stake is None else reference.stake
        expected = (*reference.gap(cost), *(reference.captured(cost) or (math.nan, math.nan)), stake)
        np.testing.assert_array_equal(row, expected)


def test_cells_find_their_reference_and_nothing_is_said_without_a_cost() -> None:
    references = [Reference(best_cost=1.0, provers=("exact",)), Reference(), Reference(best_cost=2.0, cloud_cost=3.0)]
    found = measures(references, np.array([2, 0, 1, 2]), np.array([3.0, 1.5, np.nan, np.nan]))
    assert found["gap_low"].tolist()[:2] == [0.5, 0.5]
    assert found["gap_high"].tolist()[:2] == [math.inf, 0.5]
    assert found["stake"][0] == 1.0
    assert all(np.isnan(values[2:]).all() for values in found.values())
