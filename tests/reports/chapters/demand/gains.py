"""Solvers that capture so much of the gain on each family."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from reports.chapters.demand.measure import Comparison, comparison_of
from tests.reports.cells import Row, cell, study_from

TRACES = 6
CLOUD, BEST = 4.0, 2.0
"""Costs: a solver that captures half of the gain costs 3."""
Gains = Mapping[str, Callable[[int, int], float]]
"""By label: captured gain, a fraction, of training seed and trace."""


def about(value: float, spread: float = 0.01, of_seed: float = 0.0) -> Callable[[int, int], float]:
    """Swings around ``value`` from trace to trace, in its own way."""
    return lambda seed, trace: value + spread * math.cos(7 * value + 2 * trace + seed) + of_seed * (seed - 1)


def cells(family: str, gains: Gains, learner: str = "t2drl", seeds: int = 3) -> list[Row]:
    """The solvers on one scenario of a family, with the optimum and the cloud."""
    rows = []
    for trace in range(TRACES):
        instance, scale = f"{family}-s0-t{trace}", 1 + trace / 10
        place = {"family": family, "trace_seed": trace}
        rows.append(cell("exhaustive", instance, scale * BEST, lower_bound=scale * BEST, status="optimal", **place))
        rows.append(cell("none", instance, scale * CLOUD, **place))
        for label, gain in gains.items():
            for seed in range(seeds if label == learner else 1):
                taught = {"agent_sha256": f"{family}{seed}"} if label == learner else {}
                cost = scale * (CLOUD - (CLOUD - BEST) * gain(seed, trace))
                rows.append(cell(label, instance, cost, seed=seed, repetition=seed, **place, **taught))
    return rows


def compared(rows: list[Row]) -> Comparison:
    found = comparison_of(study_from(rows))
    assert found is not None
    return found


def turning() -> list[Row]:
    """``lfu`` and ``lru`` change places; ``static`` is ahead everywhere; ``t2drl`` is told apart on drift alone."""
    drift = {
        "static": about(0.95),
        "t2drl": about(0.8),
        "lfu": about(0.6),
        "lru": about(0.4),
        "random": about(0.4, 0.3),
    }
    real = {"static": about(0.9), "t2drl": about(0.5, of_seed=0.4), "lfu": about(0.3), "lru": about(0.7)}
    real["random"] = about(0.4, 0.3)
    return cells("drift", drift) + cells("production", real)
