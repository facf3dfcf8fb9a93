"""Sentences of demand."""

from __future__ import annotations

from problems.families.fitted import shipped_scenario
from reports.chapters.demand.findings import findings, method
from reports.chapters.demand.measure import NEVER
from reports.chapters.demand.table import standings_table
from tests.reports.cells import Row
from tests.reports.chapters.demand.gains import about, cells, compared


def test_equal_gains_share_their_rank_and_are_said() -> None:
    same = {"static": about(0.9), "online-optimal": about(0.9), "lfu": about(0.5)}
    found = compared(cells("drift", same) + cells("production", same))
    assert "On drift the same gain is captured by “online-optimal” and “static”." in findings(found)
    ranks = standings_table(found).data.set_index("label")["production_rank"]
    assert ranks["static"] == ranks["online-optimal"] == 2.5
    assert {pair.verdict for pair in found.pairs if pair.second == "static"} == {NEVER}


def test_the_sentences_follow_from_the_pairs(rows: list[Row]) -> None:
    said = findings(compared(rows))
    assert said[0].startswith("On drift and production 5 solvers make 10 pairs: ")
    assert "The order of “lru” and “lfu” turns: the first is ahead on production and behind on drift." in said
    (held,) = (sentence for sentence in said if sentence.startswith("On every family "))
    assert "“static” is ahead of " in held
    (learner,) = (sentence for sentence in said if sentence.startswith("“t2drl” captures "))
    assert "on production 50" in learner
    assert "3 training seeds: " in learner
    assert "not told apart from" in learner.split("on production")[1]


def test_the_method_says_where_the_state_is_hidden(rows: list[Row]) -> None:
    assert not shipped_scenario("production", None).demand.state_observed
    assert "The popularity state of production is hidden." in method(compared(rows))
    gains = {"static": about(0.9), "lfu": about(0.5)}
    assert "hidden" not in method(compared(cells("drift", gains) + cells("measured", gains)))
