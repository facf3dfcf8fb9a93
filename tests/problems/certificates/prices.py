"""Prices of all kinds, most of them poor."""

from __future__ import annotations

import numpy as np

from problems.instance import Instance
from problems.prices import Prices


def random_prices(instance: Instance, seed: int) -> Prices:
    """Prices over many orders of magnitude, zeros among them."""
    rng = np.random.default_rng(seed)
    shape = (instance.frames, instance.slots)
    load = instance.system.load_cost_per_gb * instance.catalogue.size_gb
    scale = 10.0 ** rng.uniform(-3, 0.5)
    return Prices(
        steps=rng.choice([0.0, 1.0], shape, p=[0.2, 0.8]) * rng.uniform(0, 0.2, shape) * scale,
        bandwidth=10.0 ** rng.uniform(-2, 2, shape),
        loading=rng.choice([0.0, 0.5, 1.0], (instance.frames, len(load))) * load,
    )
