"""The chapter on demand: there for drawn and fitted families together, and right on what holds and what turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from problems.families.fitted import shipped_scenario, shipped_text
from reports.chapters.demand.assumptions import assumptions_table
from reports.chapters.demand.chapter import FIGURE, TABLES, chapter
from reports.chapters.demand.findings import findings, method
from reports.chapters.demand.measure import HOLDS, NEVER, PARTLY, TURNS, Comparison, comparison_of
from reports.chapters.demand.table import pairs_table, rankings_table, standings_table
from reports.report import write_report
from reports.study.study import study_of
from reports.writing.table import Table, csv_text
from tests.reports.conftest import MakeCell, Row
from tests.reports.records import record

TRACES = 6
CLOUD, BEST = 4.0, 2.0
"""Costs: a solver that captures half of the gain costs 3."""
Gains = Mapping[str, Callable[[int, int], float]]
"""By label: captured gain, a fraction, of training seed and trace."""


def about(value: float, spread: float = 0.01, of_seed: float = 0.0) -> Callable[[int, int], float]:
    """Swings around ``value`` from trace to trace, in its own way."""
    return lambda seed, trace: value + spread * math.cos(7 * value + 2 * trace + seed) + of_seed * (seed - 1)


def cells(cell: MakeCell, family: str, gains: Gains, learner: str = "t2drl", seeds: int = 3) -> list[Row]:
    """The solvers on one scenario of a family, with the optimum and the cloud."""
    rows = []
    for trace in range(TRACES):
        instance, scale = f"{family}-s0-t{trace}", 1 + trace / 10
        place = {"family": family, "trace_seed": trace}
        rows.append(cell("exhaustive", instance, scale * BEST, lower_bound=scale * BEST, status="optimal", **place))
        rows.append(cell("none", instance, scale * CLOUD, **place))
        for label, gain in gains.items():
            for seed in range(seeds if label == learner else 1):
                taught = {"agent_sha256": f"{family}{seed}"} if label == learner else {}
                cost = scale * (CLOUD - (CLOUD - BEST) * gain(seed, trace))
                rows.append(cell(label, instance, cost, seed=seed, repetition=seed, **place, **taught))
    return rows


@pytest.fixture
def rows(cell: MakeCell) -> list[Row]:
    """``lfu`` and ``lru`` change places; ``static`` is ahead everywhere; ``t2drl`` is told apart on drift alone."""
    drift = {
        "static": about(0.95),
        "t2drl": about(0.8),
        "lfu": about(0.6),
        "lru": about(0.4),
        "random": about(0.4, 0.3),
    }
    real = {"static": about(0.9), "t2drl": about(0.5, of_seed=0.4), "lfu": about(0.3), "lru": about(0.7)}
    real["random"] = about(0.4, 0.3)
    return cells(cell, "drift", drift) + cells(cell, "production", real)


def compared(rows: list[Row]) -> Comparison:
    found = comparison_of(study_of(pd.DataFrame(rows)))
    assert found is not None
    return found


def shown(table: Table, label: str) -> dict[str, str]:
    """The texts of a solver's row, by heading; of equal headings the last."""
    (texts,) = (row for row in table.rows() if row[0] == label)
    return dict(zip([column.heading for column in table.columns], texts, strict=True))


def test_only_drawn_and_fitted_families_together_make_a_chapter(rows: list[Row], busy: pd.DataFrame) -> None:
    assert chapter(study_of(busy)) is None
    for family in ("drift", "production"):
        assert chapter(study_of(pd.DataFrame([row for row in rows if row["family"] == family]))) is None
    elsewhere = [{**row, "family": row["family"].replace("production", "production-m10-n30-k12-t24")} for row in rows]
    assert chapter(study_of(pd.DataFrame(elsewhere))) is None
    ends = [row for row in rows if row["label"] in ("exhaustive", "none", "static")]
    assert chapter(study_of(pd.DataFrame(ends))) is None


def test_gains_are_pooled_and_ranked_on_every_family(rows: list[Row]) -> None:
    found = compared(rows)
    assert found.families == ["drift", "production"]
    assert found.fitted == ["production"]
    assert found.instances == [TRACES, TRACES]
    assert found.learners == ["t2drl"]
    study = study_of(pd.DataFrame(rows))
    cost = study.cells[(study.cells["label"] == "lru") & (study.cells["scope"] == "drift")].set_index("instance")[
        "cost"
    ]
    scale = np.array([1 + trace / 10 for trace in range(TRACES)])
    pooled = 100 * (CLOUD * scale - cost.to_numpy()).sum() / ((CLOUD - BEST) * scale).sum()
    assert found.standings["lru"][0].gain.mean == pytest.approx(pooled)
    assert [found.standings["exhaustive"][place].rank for place in (0, 1)] == [1, 1]
    assert [found.standings["none"][place].gain.mean for place in (0, 1)] == [0, 0]
    assert found.standings["lru"][1].rank < found.standings["lfu"][1].rank
    assert len(found.standings["t2drl"][1].by_seed) == 3


def test_the_interval_of_a_pooled_gain_is_that_of_a_ratio(cell: MakeCell) -> None:
    always = {"static": lambda *_: 0.9, "lfu": lambda *_: 0.5}
    found = compared(cells(cell, "drift", always) + cells(cell, "production", always))
    gain = found.standings["static"][0].gain
    assert (gain.mean, gain.low, gain.high) == pytest.approx((90, 90, 90))


def test_an_order_turns_holds_or_shows_on_some_families(rows: list[Row]) -> None:
    verdicts = {frozenset((pair.first, pair.second)): pair.verdict for pair in compared(rows).pairs}
    assert verdicts[frozenset(("lfu", "lru"))] == TURNS
    assert verdicts[frozenset(("static", "lfu"))] == HOLDS
    assert verdicts[frozenset(("t2drl", "lfu"))] == PARTLY
    assert verdicts[frozenset(("random", "lru"))] in (PARTLY, NEVER)
    assert not any("none" in pair or "exhaustive" in pair for pair in verdicts)


def test_equal_gains_share_their_rank_and_are_said(cell: MakeCell) -> None:
    same = {"static": about(0.9), "online-optimal": about(0.9), "lfu": about(0.5)}
    found = compared(cells(cell, "drift", same) + cells(cell, "production", same))
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


def test_what_changes_stands_first_among_the_pairs(rows: list[Row]) -> None:
    orders = pairs_table(compared(rows)).data["order"].tolist()
    assert orders[0] == TURNS
    assert orders == sorted(orders, key=[TURNS, PARTLY, NEVER, HOLDS].index)


def test_two_families_that_agree_have_a_correlation_of_one(cell: MakeCell) -> None:
    gains = {"static": about(0.9), "lfu": about(0.5), "lru": about(0.3)}
    reverse = {"static": about(0.3), "lfu": about(0.5), "lru": about(0.9)}
    rows = cells(cell, "drift", gains) + cells(cell, "measured", gains) + cells(cell, "production", reverse)
    table = rankings_table(compared(rows)).data.set_index(["family", "other"])
    assert table["tau"].tolist() == pytest.approx([1, -1, -1])
    assert table[["same", "opposite", "on_one_only"]].to_numpy().tolist() == [[3, 0, 0], [0, 3, 0], [0, 3, 0]]


def test_who_lacks_an_answer_is_left_out_and_said(rows: list[Row]) -> None:
    rows[-1] |= {"cost": None, "status": "crash"}
    table = standings_table(compared(rows))
    assert "random" not in table.data["label"].tolist()
    assert table.caption.endswith("Left out, for lack of an answer somewhere: random.")


def test_the_method_says_where_the_state_is_hidden(cell: MakeCell, rows: list[Row]) -> None:
    assert not shipped_scenario("production", None).demand.state_observed
    assert "The popularity state of production is hidden." in method(compared(rows))
    gains = {"static": about(0.9), "lfu": about(0.5)}
    assert "hidden" not in method(compared(cells(cell, "drift", gains) + cells(cell, "measured", gains)))


@pytest.mark.parametrize("family", ["measured", "production"])
def test_the_assumptions_are_those_that_the_shipped_scenario_states(family: str) -> None:
    text = shipped_text(shipped_scenario(family, None))
    assert text is not None
    table = assumptions_table([family])
    assert len(table.data) > 4
    assert all(f"# - {row.assumption} {row.value:.3g}" in text for row in table.data.itertuples())


def test_rank_gain_and_interval_stand_side_by_side(rows: list[Row]) -> None:
    row = shown(standings_table(compared(rows)), "exhaustive")
    assert row["drift: rank"] == row["production: rank"] == "1"
    assert row["captured gain, % (95\u00a0% interval)"] == "100.00 (100.00 to 100.00)"


def test_a_single_trace_has_no_interval_and_tells_nothing_apart(rows: list[Row]) -> None:
    found = compared([row for row in rows if row["trace_seed"] == 0])
    assert {pair.verdict for pair in found.pairs} == {NEVER}
    assert shown(standings_table(found), "static")["captured gain, % (95\u00a0% interval)"].endswith(" (–)")


@pytest.mark.slow
def test_the_order_of_the_rows_does_not_matter_to_the_files(rows: list[Row], tmp_path: Path) -> None:
    write_report(record(rows), tmp_path)
    again = chapter(study_of(pd.DataFrame(rows[::-1])))
    assert again is not None
    assert again.figure is not None
    for kind, content in again.figure.contents.items():
        assert (tmp_path / "figures" / f"{FIGURE}.{kind}").read_bytes() == content
    assert [table.name for table in again.tables] == list(TABLES)
    for table in again.tables:
        assert (tmp_path / "tables" / f"{table.name}.csv").read_text(encoding="utf-8") == csv_text(table.data)
