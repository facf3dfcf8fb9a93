"""Every feasible cache of every frame, joined over frames where loading costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.caches import mask_to_cache
from problems.instance import Instance
from solvers.base import Budget, CachingStrategy, Plan, Report
from solvers.frame.stage_costs import StageCosts, listed_masks, stage_costs


@dataclass(frozen=True)
class Exhaustive(CachingStrategy):
    """The optimal caches by plain enumeration, with the optimum as lower bound, for exact allocation.

    Raises Unsuitable for more than 20 models.
    """

    exact = True
    exact_with_deadline = True
    gives_bound = True

    def plan(self, instance: Instance, budget: Budget, report: Report) -> Plan:
        """Caches and bound; an empty plan if the time runs out before every frame is costed."""
        masks, _ = listed_masks(instance)
        models = len(instance.models)
        stages = stage_costs(instance, masks, budget)
        if stages is None:
            return Plan(np.zeros((instance.frames, models), dtype=bool), complete=False)
        load_cost = instance.system.load_cost_per_gb * instance.catalogue.size_gb
        path, _ = cheapest_path(stages, stages.cost, load_cost)
        _, bound = cheapest_path(stages, stages.bound, load_cost)
        return Plan(mask_to_cache(path, models), lower_bound=bound / max(instance.active_requests, 1))


def cheapest_path(stages: StageCosts, cost: np.ndarray, load_cost: np.ndarray) -> tuple[np.ndarray, float]:
    """The caches (T,), as masks, of least summed ``cost`` (T, F) plus loading, and that least sum.

    ``load_cost`` (M,) is what loading each model costs. A dynamic programme over the masks
    (Bellman): the cost of going from one cache to another is a sum over models, so the
    minimum over all predecessors is taken model by model in M 2^M operations.
    """
    if not load_cost.any():
        best = cost.argmin(axis=1)
        return stages.masks[best], float(cost.min(axis=1).sum())
    value = np.full(1 << len(load_cost), np.inf)
    value[0] = 0.0
    came_from = []
    for stage in cost:
        reached, origin = _load_and_drop(value, load_cost)
        value = np.full_like(value, np.inf)
        value[stages.masks] = reached[stages.masks] + stage
        came_from.append(origin)
    path = [int(value.argmin())]
    for origin in reversed(came_from[1:]):
        path.append(int(origin[path[-1]]))
    return np.array(path[::-1]), float(value.min())


def _load_and_drop(value: np.ndarray, load_cost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least ``value`` plus loading with which each mask is reached, and the mask it is reached from."""
    reached = value.copy()
    origin = np.arange(len(value))
    for model, price in enumerate(load_cost):
        pairs, origins = reached.reshape(-1, 2, 1 << model), origin.reshape(-1, 2, 1 << model)
        without, held = pairs[:, 0].copy(), pairs[:, 1].copy()
        load, drop = without + price < held, held < without
        pairs[:, 1] = np.where(load, without + price, held)
        pairs[:, 0] = np.where(drop, held, without)
        origin_without, origin_held = origins[:, 0].copy(), origins[:, 1].copy()
        origins[:, 1] = np.where(load, origin_without, origin_held)
        origins[:, 0] = np.where(drop, origin_held, origin_without)
    return reached, origin
