"""The feasible caches, listed once: the actions of the caching agent."""

from __future__ import annotations

import numpy as np

from problems.scenario import Scenario
from solvers.base import Unsuitable
from solvers.frame.stage_costs import feasible_masks, mask_to_cache

MOST_CACHES = 20_000
MOST_MODELS = 20


def feasible_caches(scenario: Scenario) -> np.ndarray:
    """(F, M) bool, the empty cache first.

    Raises Unsuitable for more than 20 models or 20,000 caches.
    """
    models = len(scenario.models)
    if models > MOST_MODELS:
        raise Unsuitable(f"lists the caches of at most {MOST_MODELS} models; the catalogue has {models}")
    masks = feasible_masks(scenario)
    if len(masks) > MOST_CACHES:
        raise Unsuitable(f"learns among at most {MOST_CACHES} caches; {len(masks)} are feasible")
    return mask_to_cache(masks, models)
