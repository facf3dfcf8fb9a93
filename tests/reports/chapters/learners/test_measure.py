"""Learners measured against the best online policy, paired by instance and seed."""

from __future__ import annotations

from typing import Any

import pytest

from reports.chapters.learners.measure import Training, difference
from reports.study.seed_blocks import side
from tests.reports.cells import Row
from tests.reports.chapters.learners.trainings import by_label, cells, exactly


def test_a_learner_and_a_deterministic_solver_are_compared(trained: list[Row]) -> None:
    found = by_label(trained)
    assert list(found) == [
        "exhaustive",
        *sorted(("t2drl", "ddqn"), key=lambda label: found[label].excess.mean),
        "static+genetic",
    ]
    learner, classical = found["t2drl"], found["static+genetic"]
    assert (learner.seeds, learner.instances, classical.seeds) == (3, 12, 1)
    assert (learner.learns, classical.learns) == (True, False)
    assert learner.excess.low < 0.5 < learner.excess.high
    gap = difference(learner, classical)
    assert gap is not None
    assert gap.mean == pytest.approx(learner.excess.mean - classical.excess.mean)
    assert side(gap) == -1
    assert learner.training == Training(6, cpu_s=11.0, environment_steps=128_000, updates=1_500, cut_short=0)
    assert classical.training is None
    assert learner.instance_s == pytest.approx(0.4)
    assert learner.slot_s == pytest.approx(0.1)


def test_what_both_lose_on_an_instance_does_not_hide_the_difference() -> None:
    def hard(extra: float) -> Any:
        return lambda scenario, seed, trace: 3.0 * (trace % 3) + extra + 0.01 * ((7 * trace + 3 * seed) % 5)

    rows = cells("online-optimal", exactly(0.0)) + cells("a", hard(0.0), seeds=3, taught=True)
    found = by_label(rows + cells("b", hard(0.1), seeds=3, taught=True))
    assert found["a"].excess.high > found["b"].excess.mean
    gap = difference(found["a"], found["b"])
    assert gap is not None
    assert side(gap) == -1


def test_equal_caches_are_not_told_apart_by_the_last_bits() -> None:
    rows = cells("online-optimal", exactly(0.0)) + cells("static", exactly(1.0))
    found = by_label(rows + cells("ddqn", lambda *key: 1.0 + 1e-12 * (1 + key[2] % 2), taught=True))
    gap = difference(found["ddqn"], found["static"])
    assert gap is not None
    assert side(gap) == 0


def test_seeds_are_paired_where_both_have_several() -> None:
    rows = cells("online-optimal", exactly(0.0))
    rows += cells("a", lambda _, seed, __: 5.0 * seed, seeds=3, taught=True)
    found = by_label(rows + cells("b", lambda _, seed, __: 5.0 * seed + 1.0, seeds=2, taught=True))
    gap = difference(found["a"], found["b"])
    assert gap is not None
    assert (gap.mean, gap.low, gap.high) == pytest.approx((-1.0, -1.0, -1.0))
