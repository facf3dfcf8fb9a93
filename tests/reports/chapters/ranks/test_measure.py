"""Ranks: who takes part, and who is told apart."""

from __future__ import annotations

import pytest

from reports.chapters.ranks.measure import Ranking, rankings_of
from tests.reports.cells import Row, cell, study_from
from tests.reports.chapters.ranks.contest import rows


def only(made: list[Row]) -> Ranking:
    (ranking,) = rankings_of(study_from(made))
    return ranking


def test_solvers_are_ranked_and_those_who_differ_told_apart() -> None:
    ranking = only(rows(12))
    assert ranking.labels == ["best", "same", "close", "worse"]
    assert ranking.ranks == pytest.approx([1.75, 1.75, 2.5, 4.0])
    pairs = {(pair.first, pair.second): pair for pair in ranking.pairs}
    assert (pairs["best", "same"].p, pairs["best", "same"].ties) == (1.0, 12)
    assert pairs["best", "worse"].differs
    assert not pairs["best", "close"].differs
    assert pairs["best", "worse"].lead == pytest.approx(25.5)
    assert 0 < pairs["best", "worse"].detectable < 25.5
    assert ranking.groups == [(0, 2)]


def test_failing_is_the_worst_answer_and_not_being_tried_none() -> None:
    made = rows(12)
    made += [cell("broken", f"small-{n}", None, status="crash", trace_seed=n) for n in range(12)]
    made += [cell("absent", "small-0", 2.0)]
    ranking = only(made)
    assert ranking.labels[-1] == "broken"
    assert ranking.ranks[-1] == 5.0
    assert ranking.left_out == ["absent"]
    assert next(pair for pair in ranking.pairs if pair.second == "broken").differs


def test_too_few_instances_tell_nobody_apart() -> None:
    ranking = only(rows(6))
    assert not ranking.decisive
    assert not any(pair.differs for pair in ranking.pairs)
    assert ranking.groups == [(0, 3)]
