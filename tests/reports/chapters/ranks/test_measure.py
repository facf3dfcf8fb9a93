"""The chapter Ranks: who takes part, who is told apart, and when nobody can be."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from reports.chapters.ranks.chapter import chapter
from reports.chapters.ranks.measure import Ranking, rankings_of
from reports.study.study import Study, study_of
from tests.reports.conftest import MakeCell, Row

EXCESS: dict[str, Callable[[int], float]] = {
    "best": lambda _: 0.0,
    "same": lambda _: 0.0,
    "close": lambda n: 0.01 if n % 2 else 0.0,
    "worse": lambda n: 0.2 + 0.01 * n,
}


def rows(cell: MakeCell, instances: int, family: str = "small") -> list[Row]:
    return [
        cell(label, f"{family}-{n}", 2.0 * (1 + excess(n)), family=family, trace_seed=n)
        for n in range(instances)
        for label, excess in EXCESS.items()
    ]


def study(made: list[Row]) -> Study:
    return study_of(pd.DataFrame(made))


def only(made: list[Row]) -> Ranking:
    (ranking,) = rankings_of(study(made))
    return ranking


def test_solvers_are_ranked_and_those_who_differ_told_apart(cell: MakeCell) -> None:
    ranking = only(rows(cell, 12))
    assert ranking.labels == ["best", "same", "close", "worse"]
    assert ranking.ranks == pytest.approx([1.75, 1.75, 2.5, 4.0])
    told = {(pair.first, pair.second): pair for pair in ranking.pairs}
    assert (told["best", "same"].p, told["best", "same"].ties) == (1.0, 12)
    assert told["best", "worse"].apart
    assert not told["best", "close"].apart
    assert told["best", "worse"].lead == pytest.approx(25.5)
    assert 0 < told["best", "worse"].detectable < 25.5
    assert ranking.groups == [(0, 2)]


def test_failing_is_the_worst_answer_and_not_being_tried_none(cell: MakeCell) -> None:
    made = rows(cell, 12)
    made += [cell("broken", f"small-{n}", None, status="crash", trace_seed=n) for n in range(12)]
    made += [cell("absent", "small-0", 2.0)]
    ranking = only(made)
    assert ranking.labels[-1] == "broken"
    assert ranking.ranks[-1] == 5.0
    assert ranking.left_out == ["absent"]
    assert next(pair for pair in ranking.pairs if pair.second == "broken").apart


def test_too_few_instances_are_said_to_be_too_few(cell: MakeCell) -> None:
    ranking = only(rows(cell, 6))
    assert not ranking.decisive
    assert not any(pair.apart for pair in ranking.pairs)
    assert ranking.groups == [(0, 3)]
    told = chapter(study(rows(cell, 6)))
    assert told is not None
    assert told.findings == ["small: 6 instances are too few to tell any of 6 pairs apart."]
    assert "nothing is told apart here" in told.tables[0].caption


def test_with_hardly_any_instances_or_one_solver_there_is_no_chapter(cell: MakeCell) -> None:
    assert chapter(study(rows(cell, 4))) is None
    assert chapter(study([cell("a", f"i{n}", 2.0) for n in range(9)])) is None


def test_the_chapter_holds_every_scope_and_pair_and_is_twice_the_same(cell: MakeCell) -> None:
    made = rows(cell, 12) + rows(cell, 8, "tiny")
    first, second = (chapter(study(order)) for order in (made, made[::-1]))
    assert first is not None
    assert second is not None
    assert first.figure is not None
    assert second.figure is not None
    assert first.figure.contents["svg"] == second.figure.contents["svg"]
    assert first.findings == second.findings
    assert [table.data["scope"].iloc[0] for table in first.tables] == ["all instances", "tiny", "small"]
    assert [len(table.data) for table in first.long_tables] == [6, 6, 6]
    assert all(label.encode() in first.figure.contents["svg"] for label in EXCESS)
    assert first.findings[0].startswith("all instances: “best” has the least average rank, 1.75, and is not told apart")
