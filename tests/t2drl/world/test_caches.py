"""The actions of the caching agent are all feasible caches, once each."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from problems.caches import fits
from problems.families.named import family_scenario
from solvers.base import Unsuitable
from t2drl.world.caches import feasible_caches


@pytest.mark.parametrize("family", ["tiny", "small", "paper", "deadline"])
def test_they_are_the_subsets_that_fit(family: str) -> None:
    scenario = family_scenario(family, 3)
    size, system = scenario.catalogue.size_gb, scenario.system
    fitting = {
        held for held in product((False, True), repeat=len(size)) if fits(size[list(held)].sum(), system.cache_gb)
    }
    caches = feasible_caches(scenario)
    assert {tuple(cache) for cache in caches.tolist()} == fitting
    assert len(caches) == len(fitting)
    assert not caches[0].any()


def test_too_many_models_or_caches_are_refused() -> None:
    with pytest.raises(Unsuitable, match="at most 20 models; the catalogue has 40"):
        feasible_caches(family_scenario("metro", 0))
    scenario = family_scenario("paper-m18-n2-k1-t1", 0)
    roomy = scenario.system.model_copy(update={"cache_gb": float(np.sum(scenario.catalogue.size_gb))})
    with pytest.raises(Unsuitable, match="at most 20000 caches; 262144 are feasible"):
        feasible_caches(scenario.model_copy(update={"system": roomy}))
