"""Budgets, and what strategies do by default."""

from __future__ import annotations

import dataclasses
import math
import time

import pytest

from solvers.allocation.equal import EqualAllocation
from solvers.base import Budget, Silent
from solvers.caching.lru import LeastRecentlyUsed
from solvers.caching.random import RandomCaching
from tests.cases import sampled
from tests.solvers.support import solve


def test_a_budget_without_a_limit_never_expires() -> None:
    budget = Budget()
    assert budget.remaining_s == math.inf
    assert not budget.expired


def test_a_budget_runs_out() -> None:
    budget = Budget(time_limit_s=0.05)
    assert 0 < budget.remaining_s <= 0.05
    time.sleep(0.06)
    assert budget.expired
    assert budget.remaining_s == 0.0
    assert budget.elapsed_s > 0.05


def test_a_budget_of_nothing_is_spent_at_once() -> None:
    assert Budget(time_limit_s=0.0).expired


def test_the_clock_of_a_budget_is_not_part_of_how_it_reads() -> None:
    assert repr(Budget(1.0)) == repr(Budget(1.0))


def test_where_nothing_is_random_a_seed_changes_nothing() -> None:
    for strategy in (LeastRecentlyUsed(), EqualAllocation()):
        assert strategy.seeded(5) is strategy


def test_a_seed_adds_to_the_setting_and_leaves_the_strategy_alone() -> None:
    strategy = RandomCaching(seed=2)
    assert strategy.seeded(3) == RandomCaching(seed=5)
    assert strategy == RandomCaching(seed=2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        strategy.seed = 3  # type: ignore[misc]


def test_a_silent_report_takes_everything() -> None:
    silent = Silent()
    silent.incumbent(solve("none+equal", sampled("tiny")))
    silent.bound(1.0)
    assert vars(silent) == {}
