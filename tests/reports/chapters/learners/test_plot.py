"""The plots of learners: what they lose, and when their training has paid off."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.chapters.learners.measure import contests_of
from reports.chapters.learners.plot import plots
from reports.study.study import study_of
from tests.reports.cells import cell, study_from
from tests.reports.plots import by_solver, few_solvers


def test_training_stands_in_front_of_the_first_instance() -> None:
    trained = {"agent_sha256": "a", "training_cpu_s": 60.0, "environment_steps": 1000, "updates": 500}
    trained |= {"training_whole": True, "training_spent_s": 0.0}
    rows = [
        row
        for n in range(3)
        for row in (
            cell("online-optimal", f"i{n}", 2.0, solve_s=5.0, trace_seed=n),
            cell("t2drl", f"i{n}", 2.2, solve_s=1.0, trace_seed=n, **trained),
            cell("none", f"i{n}", 3.0, solve_s=2.0, trace_seed=n),
        )
    ]
    study = study_from(rows)
    excess, even = plots(contests_of(study), set(study.cells["label"]))
    assert by_solver(excess.panels["small"])["t2drl"]["x"] == pytest.approx(10)
    spent = by_solver(even.panels["small"])
    assert spent["t2drl"]["y"][0] == pytest.approx(61)
    assert spent["none"]["y"][0] == pytest.approx(2)
    assert spent["online-optimal"]["y"][0] == pytest.approx(5)
    last = {label: (series["x"][-1], series["y"][-1]) for label, series in spent.items()}
    assert last == {"t2drl": (1000, 1060), "none": (1000, 2000), "online-optimal": (1000, 5000)}


@pytest.mark.parametrize(("own_s", "end"), [(1.0, 1_000), (1.94, 10_000), (1.999_999, 1_000_000), (2.1, 1_000)])
def test_break_even_is_drawn_up_to_ten_times_where_it_is(own_s: float, end: int) -> None:
    trained = {"agent_sha256": "a", "training_cpu_s": 60.0, "training_whole": True, "training_spent_s": 0.0}
    rows = [cell("online-optimal", "i", 2.0, solve_s=2.0), cell("t2drl", "i", 2.2, solve_s=own_s, **trained)]
    study = study_from(rows)
    _, even = plots(contests_of(study), set(study.cells["label"]))
    assert {series["x"][-1] for series in even.panels["small"]} == {end}


def test_training_cannot_pay_off_without_the_best_online_policy() -> None:
    trained = {"agent_sha256": "a", "training_cpu_s": 60.0, "training_whole": True, "training_spent_s": 0.0}
    rows = [cell("t2drl", "i", 2.2, **trained), cell("none", "i", 3.0)]
    _, even = plots(contests_of(study_from(rows)), {"t2drl", "none"})
    assert even.panels == {"small": []}
    assert even.nothing.endswith("complete answers of “online-optimal”.")


def test_without_learners_there_is_no_plot_of_them() -> None:
    assert plots(contests_of(study_of(pd.DataFrame(few_solvers()))), {"none"}) == []
