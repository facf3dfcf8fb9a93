"""The plot of performance profiles."""

from __future__ import annotations

from reports.chapters.profiles.plot import plot
from tests.reports.cells import cell, study_from
from tests.reports.plots import by_solver, few_solvers


def test_profiles_count_answers_within_one_per_cent() -> None:
    panel = by_solver(plot(study_from(few_solvers()[:-1])).panels["small"])
    assert panel["close"] == {"solver": "close", "x": [1], "y": [100], "complete": True}
    assert panel["exact"] == {"solver": "exact", "x": [2], "y": [100], "complete": True}
    assert set(panel) == {"close", "exact"}


def test_a_solver_that_misses_an_instance_never_reaches_all() -> None:
    rows = [cell("a", "i", 2.0), cell("a", "j", 2.0), cell("b", "i", 2.0, solve_s=2.0), cell("b", "j", 3.0)]
    panel = by_solver(plot(study_from(rows)).panels["small"])
    assert panel["b"]["x"] == [4]
    assert panel["b"]["y"] == [50]
