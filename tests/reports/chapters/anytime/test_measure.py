"""The course of solves: mean curves, and integrals over one time for all."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.store.integrals import Courses
from reports.chapters.anytime.measure import Race, mean_curve, races_of
from reports.study.study import Study


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
