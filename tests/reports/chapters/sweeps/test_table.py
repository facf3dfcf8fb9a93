"""Tables of sweeps."""

from __future__ import annotations

from reports.chapters.sweeps.table import points_table, sweep_table
from tests.reports.chapters.sweeps.points import CACHES, EXCESS, only, sweep


def test_an_incomplete_mean_is_marked() -> None:
    rows = sweep(CACHES)
    lost = next(row for row in rows if row["label"] == "t2drl" and row["family"] == "paper")
    lost |= {"cost": None, "status": "crash"}
    table = sweep_table(only(rows))
    place = [column.heading for column in table.columns].index("t2drl, %")
    assert [row[place].endswith("†") for row in table.rows()] == [False, True, False]
    assert "incomplete set" in table.caption


def test_the_table_of_all_points_has_intervals() -> None:
    table = points_table([only(sweep(CACHES))])
    assert len(table.data) == 3 * (1 + len(EXCESS))
    assert (table.data["cost_low"] < table.data["cost"]).all()
    assert {"family", "axis", "value", "label", "excess", "excess_low", "hit_ratio_high"} <= set(table.data)
