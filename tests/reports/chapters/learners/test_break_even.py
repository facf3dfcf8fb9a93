"""When a training has paid for itself."""

from __future__ import annotations

import math

import pytest

from reports.chapters.learners.break_even import break_even
from reports.chapters.learners.chapter import chapter
from tests.reports.cells import Row
from tests.reports.sections import section_of


@pytest.mark.parametrize(
    ("training_s", "learner_s", "other_s", "instances"),
    [
        (10.0, 0.1, 0.6, 20),
        (10.0, 0.1, 0.5, 25),
        (1.0, 0.1, 0.4, 4),
        (10.0, 0.6, 0.6, math.inf),
        (9.0, 0.6, 0.1, math.inf),
    ],
)
def test_a_training_has_paid_off_when_the_time_saved_makes_up_for_it(
    training_s: float, learner_s: float, other_s: float, instances: float
) -> None:
    assert break_even(training_s, learner_s, other_s) == instances


def test_unknown_times_have_no_break_even() -> None:
    assert math.isnan(break_even(10.0, math.nan, 1.0))


def test_every_learner_is_held_against_every_other_solver(trained: list[Row]) -> None:
    slow = [{**row, "solve_s": 2.4} if row["label"] == "exhaustive" else row for row in trained]
    table = section_of(chapter, slow).tables[1]
    rows = {(row.label, row.other): row for row in table.data.itertuples()}
    assert set(rows) == {
        (learner, other)
        for learner in ("t2drl", "ddqn")
        for other in ("online-optimal", "exhaustive", "static+genetic")
    }
    exact = rows["t2drl", "exhaustive"]
    assert (exact.training_cpu_s, exact.instances, exact.side) == (11.0, math.ceil(11.0 / (2.4 - 0.4)), 1)
    assert rows["t2drl", "static+genetic"].side == -1
    fast = section_of(
        chapter, [{**row, "solve_s": 0.01} if row["label"] == "exhaustive" else row for row in trained]
    ).tables[1]
    shown = {(row[0], row[7]): row[9] for row in fast.rows()}
    assert shown["t2drl", "exhaustive"] == "never"
