"""What was run, in words."""

from __future__ import annotations

import pandas as pd

from reports.chapters.overview.facts import facts
from tests.reports.cells import Row, cell, study_from


def text_of(rows: list[Row] | pd.DataFrame) -> str:
    return " ".join(facts(study_from(rows)))


def test_cells_are_counted_by_how_they_ended(busy: pd.DataFrame) -> None:
    text = text_of(busy)
    assert "120 cells: 10 solvers on 12 instances of 3 families (tiny, small, drift)." in text
    assert "115 ended with a feasible solution, 5 failed (4 timeout, 1 crash)." in text
    assert "The optimum is certified on 8 of 12 instances. Elsewhere gaps are intervals." in text


def test_agreeing_provers_are_counted() -> None:
    rows = [cell(label, name, 2.0, lower_bound=2.0, exact=True) for label in ("a", "b") for name in ("i", "j")]
    assert "certified on all 2 instances, on 2 of them by two or more exact methods that agree." in text_of(rows)


def test_answers_at_a_limit_are_counted_apart() -> None:
    text = text_of([cell("a", "i", 2.0), cell("b", "i", 2.0, status="timeout")])
    assert "2 ended with a feasible solution (1 of them at a limit). No cell failed." in text


def test_nothing_is_said_of_what_is_not_there() -> None:
    text = text_of([cell("a", "i", None, status="crash"), cell("b", "i", None, status="skipped")])
    assert "0 ended with a feasible solution, 1 failed (1 crash), 1 not tried." in text
    assert "No instance has a feasible answer" in text
