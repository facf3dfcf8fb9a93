"""The story in words says what the cells say."""

from __future__ import annotations

import pandas as pd

from reports.frame import study_of
from reports.limits import limits
from reports.overview import sentences
from reports.summary import summarise
from tests.reports.conftest import MakeCell, Row


def story(rows: list[Row] | pd.DataFrame) -> str:
    study = study_of(pd.DataFrame(rows))
    return " ".join(sentences(study, summarise(study))).replace("\u00a0", " ")


def test_counts_and_leaders(busy: pd.DataFrame) -> None:
    text = story(busy)
    assert "120 cells: 10 solvers on 12 instances of 3 families (tiny, small, drift)." in text
    assert "115 ended with a feasible solution, 5 failed (4 timeout, 1 crash)." in text
    assert "The optimum is certified on 8 of 12 instances. Elsewhere gaps are intervals." in text
    assert "do not promise the optimum and answered every cell, “milp-relaxation” comes closest" in text
    assert "online solvers that answered every cell, “greedy-popularity” comes closest" in text


def test_what_there_is_to_gain_and_who_is_fast(cell: MakeCell) -> None:
    text = story(
        [
            cell("none", "i", 3.0),
            cell("exact", "i", 2.0, lower_bound=2.0, exact=True, solve_s=5.0),
            cell("near", "i", 2.01, solve_s=0.25),
        ]
    )
    assert "Without an edge server the cost is on average 50.00 % above the optimum (1 instance)" in text
    assert "The fastest of 2 solvers within 1 % of the optimum in every cell is “near”: 0.250 s a solve." in text
    assert "No cell failed." in text


def test_agreeing_provers_are_counted(cell: MakeCell) -> None:
    rows = [cell(label, name, 2.0, lower_bound=2.0, exact=True) for label in ("a", "b") for name in ("i", "j")]
    assert "certified on all 2 instances, on 2 of them by two or more exact methods that agree." in story(rows)


def test_answers_at_a_limit_are_counted_apart(cell: MakeCell) -> None:
    text = story([cell("a", "i", 2.0), cell("b", "i", 2.0, status="timeout")])
    assert "2 ended with a feasible solution (1 of them at a limit). No cell failed." in text


def test_nothing_is_said_of_what_is_not_there(cell: MakeCell) -> None:
    text = story([cell("a", "i", None, status="crash"), cell("b", "i", None, status="skipped")])
    assert "0 ended with a feasible solution, 1 failed (1 crash), 1 not tried." in text
    assert "No instance has a feasible answer" in text
    assert "closest" not in text
    assert "within" not in text


def test_without_any_bound_the_gap_is_not_called_a_gap(cell: MakeCell) -> None:
    text = story([cell("a", "i", 2.0), cell("b", "i", 2.1)])
    assert "“a” comes closest to the best known costs; bounds on the optimum are missing." in text
    assert "≥" not in text


def test_limits_name_mixed_labels_machines_and_missing_references(cell: MakeCell) -> None:
    rows = [cell("a", "i", 2.0), cell("a", "j", 2.0, settings='{"x":1}', processor="Other CPU")]
    text = " ".join(limits(study_of(pd.DataFrame(rows))))
    assert "more than one solver or setting: a." in text
    assert "2 different machines" in text
    assert "2 instances without a certified optimum" in text
    assert "2 instances without a complete answer of the cloud alone" in text
