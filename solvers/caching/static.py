"""The best fixed cache."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import mask_to_cache
from problems.instance import Instance
from solvers.base import Budget, CachingStrategy, Plan, Report
from solvers.frame.stage_costs import listed_masks, stage_costs


@dataclass(frozen=True)
class StaticCaching(CachingStrategy):
    """The one cache that costs least when it is loaded at the start and kept throughout.

    Chosen in hindsight, among all feasible caches, for exact allocation. Raises Unsuitable for
    more than 20 models.
    """

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """The same cache in every frame."""
        masks, size_gb = listed_masks(instance)
        stages = stage_costs(instance, masks, budget)
        chosen = 0
        if stages is not None:
            loading = instance.system.load_cost_per_gb * size_gb
            chosen = int(np.argmin(stages.cost.sum(axis=0) + loading))
        cache = mask_to_cache(masks[[chosen]], len(instance.models))
        return Plan(np.repeat(cache, instance.frames, axis=0), complete=stages is not None)
