"""Agents are counted once; where they end, from when on they are near it, and late changes."""

from __future__ import annotations

import math

import pytest

from reports.chapters.convergence.measure import Convergence, FamilyConvergence, convergences_of
from tests.reports.agents import END, curve, falling, trained_by
from tests.reports.cells import Row, cell, study_from


def family_of(rows: list[Row]) -> FamilyConvergence:
    (found,) = convergences_of(study_from(rows))
    return found


def test_an_agent_counts_once_whoever_uses_it(trained: list[Row]) -> None:
    found = family_of(trained)
    assert {learner.learner: len(learner.curves) for learner in found.learners} == {"ddqn+ddpg": 2, "t2drl": 2}
    assert found.unmeasured == ["online-optimal+td3"]
    assert found.online_excess == pytest.approx(1.0)


def test_lines_are_medians_over_agents(trained: list[Row]) -> None:
    last = next(one for one in family_of(trained).learners if one.learner == "t2drl").points.iloc[-1]
    assert (last["environment_steps"], last["agents"], last["training_cpu_s"]) == (END, 2, 13.0)
    assert (last["excess_low"], last["excess"], last["excess_high"]) == pytest.approx((1.5, 2.0, 2.5))
    assert last["allocation"] == pytest.approx(1.0)


def test_agents_that_were_cut_short_count_as_far_as_they_came() -> None:
    found = Convergence.of("t2drl", [curve(*falling(1.0)), curve(40.0, 35.0)])
    assert found.points["agents"].tolist() == [2, 2, *[1] * 11]
    assert found.points["excess"].iloc[-1] == pytest.approx(1.0)
    assert found.cut_short == 1
    assert found.validation_share == pytest.approx(1.0 / (13.0 + 2.0))


def test_near_is_where_it_comes_to_stay() -> None:
    found = Convergence.of("t2drl", [curve(30.0, 4.5, 9.0, 4.9, 4.0)])
    assert found.near(4.0) == 4.0
    assert found.near(30.0) == 1.0
    assert found.near(0.0) is None
    assert Convergence.of("t2drl", [curve(30.0, 0.9, 1.0)]).near(0.0) == 2.0


def test_late_changes_are_told_from_luck_by_several_agents() -> None:
    steady = [5.0] * 10
    better = Convergence.of("t2drl", [curve(*steady, 4.8, 4.5, 4.0 + luck) for luck in (0.0, 0.1, 0.2)]).late_change
    assert better is not None
    assert better.mean == pytest.approx(-0.9)
    assert better.low < better.mean < better.high < 0
    unsure = Convergence.of("t2drl", [curve(*steady, 5.0, 5.0, 5.0 + luck) for luck in (-1.0, 1.1)]).late_change
    assert unsure is not None
    assert unsure.low < 0 < unsure.high
    alone = Convergence.of("t2drl", [curve(*falling(1.0))]).late_change
    assert alone is not None
    assert math.isnan(alone.low)
    assert Convergence.of("t2drl", [curve(30.0, 20.0)]).late_change is None


def test_lengths_of_training_are_kept_apart() -> None:
    rows = [
        cell("short", "i", 2.0, **trained_by(("a", curve(30.0, 9.0, planned=10)))),
        cell("long", "i", 2.0, **trained_by(("b", curve(*falling(1.0))))),
    ]
    assert [learner.learner for learner in family_of(rows).learners] == ["t2drl, 10 steps", "t2drl, 120 steps"]
