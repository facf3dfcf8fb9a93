"""The first answer of every solver on an instance."""

from __future__ import annotations

from reports.study.answers import Answer, first_answers
from tests.reports.cells import cell, study_from


def test_the_first_repetition_counts_and_the_cheapest_comes_first() -> None:
    rows = [cell("a", "i", 3.0), cell("a", "i", 1.0, repetition=1), cell("b", "i", 2.0), cell("c", "i", 2.0)]
    rows += [cell("d", "i", None, status="crash"), cell("d", "j", None, status="crash")]
    found = first_answers(study_from(rows).cells)
    assert list(found) == ["sha-of-i"]
    assert [(answer.label, answer.cost) for answer in found["sha-of-i"]] == [("b", 2.0), ("c", 2.0), ("a", 3.0)]
    assert found["sha-of-i"][0] == Answer("b", 2.0, rows[2]["cell_id"])
