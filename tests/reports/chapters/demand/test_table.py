"""Tables of demand."""

from __future__ import annotations

import pytest

from reports.chapters.demand.measure import HOLDS, NEVER, PARTLY, TURNS
from reports.chapters.demand.table import pairs_table, rankings_table, standings_table
from reports.writing.table import Table
from tests.reports.cells import Row
from tests.reports.chapters.demand.gains import about, cells, compared


def shown(table: Table, label: str) -> dict[str, str]:
    """The texts of a solver's row, by heading; of equal headings the last."""
    (texts,) = (row for row in table.rows() if row[0] == label)
    return dict(zip([column.heading for column in table.columns], texts, strict=True))


def test_what_changes_stands_first_among_the_pairs(rows: list[Row]) -> None:
    orders = pairs_table(compared(rows)).data["order"].tolist()
    assert orders[0] == TURNS
    assert orders == sorted(orders, key=[TURNS, PARTLY, NEVER, HOLDS].index)


def test_two_families_that_agree_have_a_correlation_of_one() -> None:
    gains = {"static": about(0.9), "lfu": about(0.5), "lru": about(0.3)}
    reverse = {"static": about(0.3), "lfu": about(0.5), "lru": about(0.9)}
    rows = cells("drift", gains) + cells("measured", gains) + cells("production", reverse)
    table = rankings_table(compared(rows)).data.set_index(["family", "other"])
    assert table["tau"].tolist() == pytest.approx([1, -1, -1])
    assert table[["same", "opposite", "on_one_only"]].to_numpy().tolist() == [[3, 0, 0], [0, 3, 0], [0, 3, 0]]


def test_who_lacks_an_answer_is_left_out_and_said(rows: list[Row]) -> None:
    rows[-1] |= {"cost": None, "status": "crash"}
    table = standings_table(compared(rows))
    assert "random" not in table.data["label"].tolist()
    assert table.caption.endswith("Left out, for lack of an answer somewhere: random.")


def test_rank_gain_and_interval_stand_side_by_side(rows: list[Row]) -> None:
    row = shown(standings_table(compared(rows)), "exhaustive")
    assert row["drift: rank"] == row["production: rank"] == "1"
    assert row["captured gain, % (95\u00a0% interval)"] == "100.00 (100.00 to 100.00)"


def test_a_single_trace_has_no_interval_and_tells_nothing_apart(rows: list[Row]) -> None:
    found = compared([row for row in rows if row["trace_seed"] == 0])
    assert {pair.verdict for pair in found.pairs} == {NEVER}
    assert shown(standings_table(found), "static")["captured gain, % (95\u00a0% interval)"].endswith(" (–)")
