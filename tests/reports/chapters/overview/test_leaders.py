"""Who leads a tier: paired, with an interval, and only among those that answered everything."""

from __future__ import annotations

import math

import pytest

from reports.chapters.overview.leaders import Lead, leads_of
from tests.reports.cells import Row, cell, study_from
from tests.reports.chapters.overview.tiers import rows_of_tiers, several


def leads(rows: list[Row]) -> list[Lead]:
    return leads_of(study_from(rows))


def test_a_lead_is_paired_and_has_an_interval() -> None:
    exact, online = leads(rows_of_tiers())
    assert (exact.measure, exact.leaders, exact.following) == ("time", ("exact",), "slow")
    assert exact.ahead.mean == pytest.approx(3.0)
    assert exact.sure
    assert (online.measure, online.leaders, online.following) == ("gap", ("near",), "close")
    assert online.low == pytest.approx(0.01, rel=0.05)
    assert not online.sure
    assert online.level == ("close",)
    assert online.ahead.low < 0 < online.ahead.high


def test_equal_solvers_share_the_lead() -> None:
    rows = [*several("a", 2.0), *several("b", 2.0), *several("c", 2.4, 0.1)]
    (lead,) = leads(rows)
    assert (lead.leaders, lead.following, lead.sure) == (("a", "b"), "c", True)


def test_one_trace_a_scenario_has_no_interval() -> None:
    rows = [
        cell(label, f"i{n}", 2.0 + n + cost, scenario_seed=n)
        for n in range(3)
        for label, cost in zip("ab", (0, 1), strict=True)
    ]
    (lead,) = leads(rows)
    assert math.isnan(lead.ahead.low)
    assert not lead.judged


def test_solvers_with_a_missing_answer_cannot_lead() -> None:
    lucky = several("lucky", 2.0001, tier="online-model-based")
    lucky[0] = cell("lucky", "s0-t0", None, trace_seed=0, tier="online-model-based", status="crash")
    assert leads([*rows_of_tiers(), *lucky])[1].leaders == ("near",)
