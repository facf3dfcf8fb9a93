"""The plot of learning curves: medians by the solver that stands for a learner, over the optimum as a line."""

from __future__ import annotations

from typing import Any

import pytest

from reports.chapters.convergence.measure import convergences_of
from reports.chapters.convergence.plot import plots
from reports.drawing.plot import Plot
from solvers.learning_curve import LearningCurve
from tests.reports.agents import curve, trained_by
from tests.reports.cells import Row, cell, study_from


def course(*excess: float, learner: str = "t2drl") -> LearningCurve:
    """A whole training of three points, after 1, 6 and 11 seconds."""
    return curve(*excess, learner=learner, planned=20, pace=5.0)


def plots_of(rows: list[Row]) -> list[Plot]:
    study = study_from(rows)
    return plots(study, convergences_of(study))


def drawn(rows: list[Row]) -> Plot:
    (plot,) = plots_of(rows)
    return plot


def by_solver(rows: list[Row], family: str = "small") -> dict[str, dict[str, Any]]:
    return {series["solver"]: series for series in drawn(rows).panels[family]}


@pytest.fixture
def classical() -> list[Row]:
    """The optimum is 2; the best online policy costs 1 % more."""
    rows = [cell("exact", f"i{n}", 2.0, lower_bound=2.0, status="optimal", trace_seed=n) for n in range(2)]
    return rows + [cell("online-optimal", f"i{n}", 2.02, trace_seed=n) for n in range(2)]


def test_a_curve_is_the_median_over_agents(classical: list[Row]) -> None:
    ends = (1.0, 3.0, 8.0)
    rows = [
        cell("t2drl", "i0", 2.1, seed=n, repetition=n, **trained_by((f"a{n}", course(30, 9, end))))
        for n, end in enumerate(ends)
    ]
    found = by_solver([*classical, *rows])
    assert found["t2drl"] == {"solver": "t2drl", "x": [1, 6, 11], "y": [30, 9, 3], "complete": True}


def test_the_optimum_and_the_best_online_policy_are_level_lines(classical: list[Row]) -> None:
    rows = [*classical, cell("t2drl", "i0", 2.1, **trained_by(("a", course(30, 9, 3))))]
    found = by_solver(rows)
    assert (found["exact"]["x"], found["exact"]["y"]) == ([1, 11], [0, 0])
    assert (found["online-optimal"]["x"], found["online-optimal"]["y"]) == ([1, 11], [1, 1])
    assert list(found) == ["exact", "online-optimal", "t2drl"]


def test_without_a_proof_of_every_optimum_nobody_stands_for_it(classical: list[Row]) -> None:
    rows = [*classical[1:], cell("t2drl", "i0", 2.1, **trained_by(("a", course(30, 9, 3))))]
    assert "exact" not in by_solver(rows)


def test_an_online_policy_that_is_optimal_does_not_hide_the_optimum(classical: list[Row]) -> None:
    rows = [{**row, "cost": 2.0} for row in classical]
    assert set(by_solver([*rows, cell("t2drl", "i0", 2.1, **trained_by(("a", course(30, 9, 3))))])) == {
        "exact",
        "t2drl",
    }


def test_a_training_cut_short_is_hollow(classical: list[Row]) -> None:
    rows = [*classical, cell("t2drl", "i0", 2.1, **trained_by(("a", course(30, 9))))]
    assert by_solver(rows)["t2drl"]["complete"] is False


def test_a_line_bears_the_name_of_a_solver_that_uses_its_agents(classical: list[Row]) -> None:
    pair = trained_by(("a", course(30, 9, 3)), ("b", course(40, 9, 6, learner="ddqn+ddpg")))
    both = cell("ddqn+ddpg", "i0", 2.1, **pair)
    alone = cell("caches (steps=20)", "i0", 2.1, solver="ddqn", **trained_by(("a", course(30, 9, 3))))
    own = cell("t2drl (steps=20)", "i0", 2.1, solver="t2drl", **trained_by(("a", course(30, 9, 3))))
    assert by_solver([*classical, both, alone])["caches (steps=20)"]["y"] == [30, 9, 3]
    found = by_solver([*classical, both, alone, own])
    assert "caches (steps=20)" not in found
    assert found["t2drl (steps=20)"]["y"] == [30, 9, 3]
    assert found["ddqn+ddpg"]["y"] == [40, 9, 6]


def test_a_learner_that_no_solver_stands_for_is_said(classical: list[Row]) -> None:
    pair = trained_by(("a", course(30, 9, 3)), ("b", course(40, 9, 6, learner="ddqn+ddpg")))
    plot = drawn([*classical, cell("ddqn+ddpg", "i0", 2.1, **pair)])
    assert {series["solver"] for series in plot.panels["small"]} == {"exact", "online-optimal", "ddqn+ddpg"}
    assert plot.caption.endswith("and there alone: small, t2drl.")


def test_agents_without_curves_leave_a_plot_that_says_so(classical: list[Row]) -> None:
    plot = drawn([*classical, cell("td3", "i0", 2.1, **trained_by(("a", None)))])
    assert plot.panels == {}
    assert "measured during its training" in plot.nothing


def test_without_training_there_is_no_plot(classical: list[Row]) -> None:
    assert plots_of(classical) == []


def test_the_order_of_the_rows_does_not_matter(classical: list[Row]) -> None:
    taught_rows = [
        cell("t2drl", "i0", 2.1, seed=n, repetition=n, **trained_by((f"a{n}", course(30, 9, 3 * n + 1))))
        for n in range(3)
    ]
    rows = [
        *classical,
        *taught_rows,
        cell("d", "i0", 2.1, solver="ddqn+ddpg", **trained_by(("b", course(4, 3, 2, learner="ddqn+ddpg")))),
    ]
    assert drawn(rows) == drawn(rows[::-1])
