"""The story in words says what the rows of its table say."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reports.chapters.overview.leaders import Lead, leads_of
from reports.chapters.overview.story import Story, story_of
from reports.study.study import study_of
from reports.study.summary import summarise
from tests.reports.conftest import MakeCell, Row

OFFSETS = (-0.02, 0.0, 0.01, 0.02)
"""What makes traces differ, as shares of the optimum."""


def story(rows: list[Row]) -> Story:
    study = study_of(pd.DataFrame(rows))
    return story_of(study, summarise(study))


def leads(rows: list[Row]) -> list[Lead]:
    study = study_of(pd.DataFrame(rows))
    return leads_of(study, summarise(study))


def text(told: Story) -> list[str]:
    return ["".join(part.text for part in sentence).replace("\u00a0", " ") for sentence in told.sentences]


def several(cell: MakeCell, label: str, cost: float, luck: float = 0.0, **columns: object) -> list[Row]:
    """One answer on each of four traces of two scenarios; ``luck`` is how much the traces differ."""
    return [
        cell(label, f"s{s}-t{t}", cost + luck * offset, scenario_seed=s, trace_seed=t, **columns)
        for s in range(2)
        for t, offset in enumerate(OFFSETS)
    ]


@pytest.fixture
def rows(cell: MakeCell) -> list[Row]:
    """The optimum is 2 and the cloud costs 3; online ``near`` is 1 % off, ``far`` 10 %, ``close`` hardly worse."""
    online = {"tier": "online-model-based"}
    return [
        *several(cell, "none", 3.0, tier="online-model-free"),
        *several(cell, "exact", 2.0, lower_bound=2.0, exact=True, solve_s=0.1),
        *several(cell, "slow", 2.0, lower_bound=2.0, exact=True, solve_s=0.3),
        *several(cell, "near", 2.02, 0.1, **online),
        *several(cell, "close", 2.021, -0.1, **online),
        *several(cell, "far", 2.2, 0.1, **online),
    ]


def test_a_lead_is_paired_and_has_an_interval(rows: list[Row]) -> None:
    exact, online = leads(rows)
    assert (exact.measure, exact.leaders, exact.following) == ("time", ("exact",), "slow")
    assert exact.ahead.mean == pytest.approx(3.0)
    assert exact.sure
    assert (online.measure, online.leaders, online.following) == ("gap", ("near",), "close")
    assert online.low == pytest.approx(0.01, rel=0.05)
    assert not online.sure
    assert online.level == ("close",)
    assert online.ahead.low < 0 < online.ahead.high


def test_the_story_names_leaders_doubts_and_what_there_is_to_gain(rows: list[Row]) -> None:
    stake, hindsight, online = text(story(rows))
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
def test_without_a_certified_optimum_nothing_more_is_said_than_was_found(
    cell: MakeCell, costs: dict[str, float], stake: str
) -> None:
    rows = [row for label, cost in costs.items() for row in several(cell, label, cost)]
    first, lead = text(story(rows))
    assert first == f"Without an edge server the cost is on average {stake}"
    best = min(costs, key=lambda label: costs[label])
    assert f"on small “{best}” has the least cost; how far from the optimum is unknown, " in lead
    assert "unknown %" not in lead


def test_the_best_learner_is_told_beside_the_best_online_policy(rows: list[Row], cell: MakeCell) -> None:
    reference = several(cell, "online-optimal", 2.01, solver="online-optimal", tier="online-model-based")
    learners = [
        row
        for label, cost in (("good", 2.0301), ("bad", 2.5))
        for row in several(cell, label, cost, tier="online-model-free", agent_sha256=label, training_cpu_s=9.0)
    ]
    told = story([*rows, *reference, *learners])
    assert "Learning: on small “good” costs 1.00 % more than “online-optimal” (95 % interval" in text(told)[-1]
    assert told.sentences[-1][1].anchor == "learners-1-row-5"


def test_every_link_leads_to_the_row_that_backs_it(rows: list[Row]) -> None:
    told = story(rows)
    anchors = [part.anchor for sentence in told.sentences for part in sentence if part.anchor]
    assert anchors == ["solvers-row-6", "leaders-row-1", "leaders-row-2"]
    assert list(told.leaders.data["tier"]) == ["hindsight", "online-model-based"]


def test_equal_solvers_share_the_lead(cell: MakeCell) -> None:
    rows = [*several(cell, "a", 2.0), *several(cell, "b", 2.0), *several(cell, "c", 2.4, 0.1)]
    (lead,) = leads(rows)
    assert (lead.leaders, lead.following, lead.sure) == (("a", "b"), "c", True)


def test_one_trace_a_scenario_has_no_interval(cell: MakeCell) -> None:
    rows = [
        cell(label, f"i{n}", 2.0 + n + cost, scenario_seed=n)
        for n in range(3)
        for label, cost in zip("ab", (0, 1), strict=True)
    ]
    (lead,) = leads(rows)
    assert math.isnan(lead.ahead.low)
    assert not lead.judged
    assert "with one trace a scenario nobody can say how sure that is" in " ".join(text(story(rows)))


def test_solvers_with_a_missing_answer_cannot_lead(rows: list[Row], cell: MakeCell) -> None:
    lucky = several(cell, "lucky", 2.0001, tier="online-model-based")
    lucky[0] = cell("lucky", "s0-t0", None, trace_seed=0, tier="online-model-based", status="crash")
    assert leads([*rows, *lucky])[1].leaders == ("near",)


def test_many_families_are_counted_not_named(cell: MakeCell) -> None:
    rows = [
        cell(label, f"{family}-{t}", cost, family=family, trace_seed=t)
        for family in ("tiny", "small", "paper", "drift", "deadline", "metro")
        for t in range(2)
        for label, cost in (("a", 2.0), ("b", 2.5))
    ]
    (sentence,) = text(story(rows))
    assert "on drift" in sentence
    assert "deadline" not in sentence
    assert sentence.endswith("; 2 more families in the table.")


def test_without_two_solvers_of_a_tier_nobody_leads(cell: MakeCell) -> None:
    told = story([cell("a", "i", 2.0), cell("b", "i", None, status="crash")])
    assert text(told) == ["No two solvers of one tier answered every cell of a family, so nobody leads."]
    assert told.leaders.data.empty
