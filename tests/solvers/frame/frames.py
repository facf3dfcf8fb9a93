"""Single random frames and what each of their caches costs."""

from __future__ import annotations

import numpy as np

from problems.caches import mask_to_cache
from problems.episode import Slots, slots_of
from problems.instance import Instance
from solvers.base import Budget
from solvers.frame.stage_costs import FrameCosts, listed_masks
from tests.cases import as_instance, random_document


def one_frame(seed: int, deadline: bool, models: int = 6, slots: int = 4, users: int = 5) -> Instance:
    """A random frame in which loading is free."""
    shape = (1, slots, users)
    return as_instance(random_document(seed, shape=shape, models=models, deadline=deadline, loading=False))


def slots_under(instance: Instance, mask: int) -> Slots:
    """The frame's slots under a cache, a bit mask."""
    held = mask_to_cache(np.array([mask]), len(instance.models))
    return slots_of(instance, np.tile(held, (instance.frames, 1)))


def charged_costs(instance: Instance, charge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All feasible masks, and what each costs in the first frame with its charges."""
    masks, costs = listed_masks(instance)[0], FrameCosts(instance, 0)
    assert costs.learn(masks, Budget())
    return masks, costs.of(masks)[0] + mask_to_cache(masks, len(charge)) @ charge
