"""The course of solves: mean curves, integrals over one time for all, and the chapter that shows them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks.store.integrals import Courses
from reports.chapters.anytime import chapter as anytime_chapter
from reports.chapters.anytime.measure import Race, mean_curve, races_of
from reports.study.study import Study, study_of
from tests.reports.conftest import MakeCell


def told(*events: tuple[float, str, float]) -> str:
    return json.dumps(events)


@pytest.fixture
def study(cell: MakeCell) -> Study:
    """An optimum of 2 on two instances: proved after 4 and 2 s, by a rule of thumb missed after 1 s, and no answer."""
    rows = []
    for instance, last in (("i", 4.0), ("j", 2.0)):
        events = told((1.0, "bound", 1.0), (1.0, "cost", 4.0), (last, "cost", 2.0), (last, "bound", 2.0))
        proof = {"status": "optimal", "lower_bound": 2.0, "exact": True}
        rows += [
            cell("exact", instance, 2.0, **proof, events=events, solve_s=last),
            cell("thumb", instance, 3.0, events=told((1.0, "cost", 3.0)), solve_s=1.0),
            cell("mute", instance, None, status="timeout", solve_s=4.0),
            cell("lazy", instance, None, status="skipped", solve_s=None),
        ]
    return study_of(pd.DataFrame(rows))


@pytest.fixture
def race(study: Study) -> Race:
    (race,) = races_of(study)
    return race


def test_integrals_go_to_the_longest_solve(race: Race) -> None:
    assert (race.family, race.horizon_s, race.instances) == ("small", 4.0, 2)
    table = race.integrals.set_index("label")
    assert list(table.index) == ["exact", "thumb", "mute"]
    # 1 s without an answer, then a gap of 1/2 for 3 and 1 s; then 1/3 of the time that is left
    assert table.loc["exact", "primal_s"] == pytest.approx(1 + (1.5 + 0.5) / 2)
    assert table.loc["thumb", "primal_s"] == pytest.approx(1 + 3 * (1 / 3))
    assert table.loc["mute", "primal_s"] == 4.0
    # the gap of 4 to the bound of 1 is 3/4
    assert table.loc["exact", "primal_dual_s"] == pytest.approx(1 + 0.75 * (3 + 1) / 2)
    assert table.loc["thumb", "primal_dual_s"] == 4.0
    assert table["answered"].tolist() == [2, 2, 0]
    assert table["first_s"].tolist()[:2] == [1.0, 1.0]


def test_curves_are_means_over_cells_that_all_have_something(race: Race) -> None:
    assert [course.label for course in race.courses] == ["exact", "thumb"]
    costs, bounds = race.courses[0].costs, race.courses[0].bounds
    assert costs.seconds[[0, -1]] == pytest.approx([1.0, 4.0])
    at = np.searchsorted(costs.seconds, [1.5, 3.0, 4.0])
    assert costs.gap[at] == pytest.approx([1.0, 0.5, 0.0])
    assert bounds.gap[at] == pytest.approx([0.5, 0.25, 0.0])
    assert costs.low[at] == pytest.approx([1.0, 0.25, 0.0])
    assert costs.high[at] == pytest.approx([1.0, 0.75, 0.0])
    assert not len(race.courses[1].bounds.seconds)
    assert race.courses[1].costs.gap[-1] == pytest.approx(0.5)


def test_a_cell_without_anything_leaves_no_mean() -> None:
    early, late = (1.0, "cost", 0.5), (3.0, "cost", 0.1)
    assert not len(mean_curve(Courses.of([[early], []]), 9.0).seconds)
    assert not len(mean_curve(Courses.of([]), 9.0).seconds)
    assert mean_curve(Courses.of([[early], [late]]), 9.0).seconds[0] == pytest.approx(3.0)


def test_the_chapter_is_there_where_events_are(study: Study) -> None:
    chapter = anytime_chapter.chapter(study)
    assert chapter is not None
    (table,) = chapter.tables
    assert [row[0] for row in table.rows()] == ["exact", "thumb", "mute"]
    assert table.rows()[2][3] == "\u2013"
    assert chapter.figure is not None
    assert b"thumb" in chapter.figure.contents["svg"]
    silent = study_of(study.cells.assign(events="[]").drop(columns=["scope", "outcome", "solved"]))
    assert anytime_chapter.chapter(silent) is None
