"""J_cloud is the cost of an edge server that holds nothing, over the best bandwidth."""

from __future__ import annotations

import pytest

from solvers.cloud import cloud_cost
from tests import independent
from tests.cases import as_instance, random_document


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_optimum_without_a_cache(seed: int) -> None:
    document = random_document(seed, deadline=False)
    without = {**document, "system": {**document["system"], "cache_gb": 0}}
    assert cloud_cost(as_instance(document)) == pytest.approx(independent.optimum(without).cost, rel=1e-9)
