"""What the page's plots show, against figures that are known."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from reports.chapters.anytime import plot as anytime
from reports.chapters.learners import plot as learners
from reports.chapters.learners.measure import contests_of
from reports.chapters.overview import gap_and_time_plot as gap_and_time
from reports.chapters.overview import ladder_plot as ladder
from reports.chapters.overview import latency_and_quality_plot as latency_and_quality
from reports.chapters.profiles import plot as profiles
from reports.study.study import study_of
from reports.study.summary import summarise
from tests.reports.conftest import MakeCell, Row


def by_solver(panel: list[dict[str, object]]) -> dict[object, dict[str, object]]:
    return {series["solver"]: series for series in panel}


@pytest.fixture
def rows(cell: MakeCell) -> list[Row]:
    """Two instances: the optimum is 2, the cloud costs 3."""
    told: list[Row] = []
    for name in ("i", "j"):
        told += [
            cell("none", name, 3.0, solve_s=0.1),
            cell("exact", name, 2.0, solve_s=1.0, lower_bound=2.0, exact=True),
            cell("close", name, 2.01, solve_s=0.5),
        ]
    told.append(cell("broken", "i", None, status="crash"))
    return told


def test_the_ladder_runs_from_the_cloud_to_hindsight(rows: list[Row]) -> None:
    drawn = ladder.plot(summarise(study_of(pd.DataFrame(rows))))
    panel = drawn.panels["small"]
    assert [(series["solver"], series["x"]) for series in panel] == [("exact", 100), ("close", 99), ("none", 0)]


def test_the_front_holds_those_that_none_beats(rows: list[Row]) -> None:
    panel = by_solver(gap_and_time.plot(summarise(study_of(pd.DataFrame(rows)))).panels["small"])
    assert panel["close"]["y"] == pytest.approx(0.5)
    assert all(panel[label]["front"] for label in ("none", "exact", "close"))
    assert "broken" not in panel


def test_profiles_count_answers_within_one_per_cent(rows: list[Row]) -> None:
    panel = by_solver(profiles.plot(study_of(pd.DataFrame(rows[:-1]))).panels["small"])
    assert panel["close"] == {"solver": "close", "x": [1], "y": [100], "complete": True}
    assert panel["exact"] == {"solver": "exact", "x": [2], "y": [100], "complete": True}
    assert set(panel) == {"close", "exact"}


def test_a_solver_that_misses_an_instance_never_reaches_all(cell: MakeCell) -> None:
    rows = [cell("a", "i", 2.0), cell("a", "j", 2.0), cell("b", "i", 2.0, solve_s=2.0), cell("b", "j", 3.0)]
    panel = by_solver(profiles.plot(study_of(pd.DataFrame(rows))).panels["small"])
    assert panel["b"]["x"] == [4]
    assert panel["b"]["y"] == [50]


def test_an_anytime_curve_falls_with_every_better_answer(cell: MakeCell) -> None:
    events = json.dumps([[0.1, "cost", 4.0], [0.5, "bound", 1.0], [1.0, "cost", 2.0]])
    rows = [cell("a", "i", 2.0, solve_s=10.0, events=events), cell("b", "i", None, status="crash", events="[]")]
    panel = by_solver(anytime.plot(study_of(pd.DataFrame(rows))).panels["small"])
    assert set(panel) == {"a"}
    seconds, gaps = panel["a"]["x"], panel["a"]["y"]
    assert seconds == pytest.approx([0.1, 1.0, 10.0], rel=0.02)
    assert gaps == [100, 0, 0]


def test_latency_and_quality_are_the_means(rows: list[Row]) -> None:
    panel = by_solver(latency_and_quality.plot(summarise(study_of(pd.DataFrame(rows)))).panels["small"])
    assert (panel["close"]["x"], panel["close"]["y"]) == (2.01, 30)


def test_training_stands_in_front_of_the_first_instance(cell: MakeCell) -> None:
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
    study = study_of(pd.DataFrame(rows))
    excess, even = learners.plots(contests_of(study), set(study.cells["label"]))
    assert by_solver(excess.panels["small"])["t2drl"]["x"] == pytest.approx(10)
    spent = by_solver(even.panels["small"])
    assert spent["t2drl"]["y"][0] == pytest.approx(61)
    assert spent["none"]["y"][0] == pytest.approx(2)
    assert spent["online-optimal"]["y"][0] == pytest.approx(5)
    last = {label: (series["x"][-1], series["y"][-1]) for label, series in spent.items()}
    assert last == {"t2drl": (1000, 1060), "none": (1000, 2000), "online-optimal": (1000, 5000)}


@pytest.mark.parametrize(("own_s", "end"), [(1.0, 1_000), (1.94, 10_000), (1.999_999, 1_000_000), (2.1, 1_000)])
def test_break_even_is_drawn_up_to_ten_times_where_it_is(own_s: float, end: int, cell: MakeCell) -> None:
    trained = {"agent_sha256": "a", "training_cpu_s": 60.0, "training_whole": True, "training_spent_s": 0.0}
    rows = [cell("online-optimal", "i", 2.0, solve_s=2.0), cell("t2drl", "i", 2.2, solve_s=own_s, **trained)]
    study = study_of(pd.DataFrame(rows))
    _, even = learners.plots(contests_of(study), set(study.cells["label"]))
    assert {series["x"][-1] for series in even.panels["small"]} == {end}


def test_training_cannot_pay_off_without_the_best_online_policy(cell: MakeCell) -> None:
    trained = {"agent_sha256": "a", "training_cpu_s": 60.0, "training_whole": True, "training_spent_s": 0.0}
    rows = [cell("t2drl", "i", 2.2, **trained), cell("none", "i", 3.0)]
    _, even = learners.plots(contests_of(study_of(pd.DataFrame(rows))), {"t2drl", "none"})
    assert even.panels == {"small": []}
    assert even.nothing.endswith("complete answers of “online-optimal”.")


def test_without_learners_there_is_no_plot_of_them(rows: list[Row]) -> None:
    assert learners.plots(contests_of(study_of(pd.DataFrame(rows))), {"none"}) == []
