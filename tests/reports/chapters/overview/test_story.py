"""The story in words says what the rows of its tables say."""

from __future__ import annotations

import pytest

from reports.chapters.chapter import Sentence
from reports.chapters.overview.leaders import leads_of
from reports.chapters.overview.story import story
from tests.reports.cells import Row, cell, study_from
from tests.reports.chapters.overview.tiers import rows_of_tiers, several


def story_of(rows: list[Row]) -> list[Sentence]:
    study = study_from(rows)
    return story(study, leads_of(study), [])


def text(sentences: list[Sentence]) -> list[str]:
    return ["".join(part.text for part in sentence).replace("\u00a0", " ") for sentence in sentences]


def test_the_story_names_leaders_doubts_and_what_there_is_to_gain() -> None:
    stake, hindsight, online = text(story_of(rows_of_tiers()))
    assert stake == (
        "Without an edge server the cost is on average 50.00 % above the optimum (certified on 8 of 8 instances): "
        "this is what there is to gain."
    )
    assert "on small “exact” proves every optimum fastest, in 0.100 s, “slow” takes 3.00 times as long" in hindsight
    assert "too few" not in hindsight
    assert "on small “near” comes closest, with a gap of " in online
    assert ": too few instances to be sure)." in online


@pytest.mark.parametrize(
    ("costs", "stake"),
    [
        (
            {"none": 3.0, "a": 2.0},
            "50.00 % above the best known costs (certified on 0 of 8 instances): so much was gained; the optima may lie"
            " lower.",
        ),
        (
            {"none": 2.0, "a": 3.0},
            "0 % above the best known costs (certified on 0 of 8 instances): no solver gained anything.",
        ),
    ],
)
def test_without_a_certified_optimum_nothing_more_is_said_than_was_found(costs: dict[str, float], stake: str) -> None:
    rows = [row for label, cost in costs.items() for row in several(label, cost)]
    first, lead = text(story_of(rows))
    assert first == f"Without an edge server the cost is on average {stake}"
    best = min(costs, key=lambda label: costs[label])
    assert f"on small “{best}” has the least cost; how far from the optimum is unknown, " in lead
    assert "unknown %" not in lead


def test_every_link_leads_to_the_row_that_backs_it() -> None:
    anchors = [part.anchor for sentence in story_of(rows_of_tiers()) for part in sentence if part.anchor]
    assert anchors == ["solvers-row-6", "leaders-row-1", "leaders-row-2"]


def test_many_families_are_counted_not_named() -> None:
    rows = [
        cell(label, f"{family}-{t}", cost, family=family, trace_seed=t)
        for family in ("tiny", "small", "paper", "drift", "deadline", "metro")
        for t in range(2)
        for label, cost in (("a", 2.0), ("b", 2.5))
    ]
    (sentence,) = text(story_of(rows))
    assert "on drift" in sentence
    assert "deadline" not in sentence
    assert sentence.endswith("; 2 more families in the table.")


def test_without_two_solvers_of_a_tier_nobody_leads() -> None:
    rows = [cell("a", "i", 2.0), cell("b", "i", None, status="crash")]
    assert text(story_of(rows)) == ["No two solvers of one tier answered every cell of a family, so nobody leads."]


def test_one_trace_a_scenario_has_no_interval() -> None:
    costs = zip("ab", (0, 1), strict=True)
    rows = [cell(label, f"i{n}", 2.0 + n + cost, scenario_seed=n) for label, cost in costs for n in range(3)]
    assert "with one trace a scenario nobody can say how sure that is" in " ".join(text(story_of(rows)))
