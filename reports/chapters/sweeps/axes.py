"""The ways in which a family's setting is swept: what is changed, alone, and by which figure a point is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from problems.families.changes import UNCHANGED, Changes, split_changes
from problems.families.named import own_sizes
from problems.families.sizes import Sizes, split
from problems.scenario import Scenario


@dataclass(frozen=True)
class SweepAxis:
    """One parameter of a setting."""

    name: str
    """In tables and sentences."""
    label: str
    """With its unit, below a panel."""
    point: str
    """What a point is called; {} stands for its value."""
    has: Callable[[Sizes, Sizes, Changes], bool]
    """Whether a family of these sizes, with these factors, differs from its own setting (sizes first) here alone."""
    value: Callable[[Scenario], float]
    """By which a point is known; the same for all scenarios of a family."""

    def called(self, value: float) -> str:
        """A point in a sentence."""
        return self.point.format(f"{value:.3g}")


def _factor(field: str) -> Callable[[Sizes, Sizes, Changes], bool]:
    def has(usual: Sizes, sizes: Sizes, changes: Changes) -> bool:
        return sizes == usual and changes._replace(**{field: 1.0}) == UNCHANGED

    return has


def _size(field: str) -> Callable[[Sizes, Sizes, Changes], bool]:
    def has(usual: Sizes, sizes: Sizes, changes: Changes) -> bool:
        return changes == UNCHANGED and sizes._replace(**{field: getattr(usual, field)}) == usual

    return has


def _fixed_budgets(usual: Sizes, sizes: Sizes, changes: Changes) -> bool:
    """Budgets grow with the users; these factors undo it, to the digits that a name has."""
    undone = round(usual.users / sizes.users, 6)
    return sizes._replace(users=usual.users) == usual and changes == UNCHANGED._replace(bandwidth=undone, steps=undone)


def _cache_share(scenario: Scenario) -> float:
    return round(100 * scenario.system.cache_gb / float(scenario.catalogue.size_gb.sum()), 2)


def _both_bands(scenario: Scenario) -> float:
    return round(scenario.system.uplink_mhz + scenario.system.downlink_mhz, 6)


def _mean_skew(scenario: Scenario) -> float:
    return round(float(np.mean(scenario.demand.skew)), 6)


SWEEP_AXES = (
    SweepAxis(
        "cache capacity", "cache capacity, % of the catalogue", "a cache of {} %", _factor("cache"), _cache_share
    ),
    SweepAxis(
        "users, budgets grow",
        "users, budgets grow with them",
        "{} users with budgets that grow",
        _size("users"),
        lambda s: s.users,
    ),
    SweepAxis(
        "users, budgets fixed",
        "users, total budgets fixed",
        "{} users with fixed budgets",
        _fixed_budgets,
        lambda s: s.users,
    ),
    SweepAxis("models", "models", "{} models", _size("models"), lambda s: len(s.models)),
    SweepAxis("skew", "Zipf skew, mean of the states", "skew {}", _factor("skew"), _mean_skew),
    SweepAxis("bandwidth", "bandwidth, MHz, up and down together", "{} MHz", _factor("bandwidth"), _both_bands),
    SweepAxis(
        "steps", "step budget, steps a slot", "{} steps a slot", _factor("steps"), lambda s: s.system.step_budget
    ),
    SweepAxis(
        "weight of latency",
        "weight of latency",
        "weight of latency {}",
        _factor("latency"),
        lambda s: s.system.latency_weight,
    ),
)
"""In the order in which they are shown."""


def on_axis(axis: SweepAxis, base: str, family: str) -> bool:
    """Whether a family, by its name, is the plain family ``base`` or differs from it along the axis alone."""
    unchanged, changes = split_changes(family)
    own, sizes = split(unchanged)
    usual = own_sizes(base)
    return own == base and axis.has(usual, sizes or usual, changes)
