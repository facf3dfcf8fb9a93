"""Costs that others are measured against."""

from __future__ import annotations

from problems.instance import Instance
from problems.judge import judge
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, Silent
from solvers.caching.none import NoCaching
from solvers.two_timescale import TwoTimescale


def cloud_cost(instance: Instance) -> float:
    """J_cloud: every request to the cloud, over the best bandwidth."""
    solution = TwoTimescale(NoCaching(), ExactAllocation()).solve(instance, Budget(), Silent())
    return judge(instance, solution).cost
