"""``none``: no edge server at all."""

from __future__ import annotations

import numpy as np
import pytest

from problems.judge import judge
from tests.cases import as_instance, random_document
from tests.solvers.support import plan, solve, with_system


@pytest.mark.parametrize("forced_edge", [False, True])
def test_it_costs_what_an_edge_server_without_any_room_costs(forced_edge: bool) -> None:
    """Nothing is held, nothing served at the edge and nothing loaded, whatever the edge server could do."""
    instance = as_instance(random_document(4, forced_edge=forced_edge))
    solution = solve("none", instance)
    verdict = judge(instance, solution)
    assert not plan("none", instance).cache.any()
    assert (verdict.hit_ratio, verdict.edge_served_ratio, verdict.loaded_gb) == (0.0, 0.0, 0.0)
    without = with_system(instance, cache_gb=0.0)
    best = judge(without, solve("exhaustive", without)).cost
    assert verdict.cost == pytest.approx(best, rel=1e-9)
    assert not np.asarray(solution.steps).any()
