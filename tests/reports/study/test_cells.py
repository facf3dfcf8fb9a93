"""How cells end, how long they took, and in which order they come."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from tests.reports.cells import cell, study_from
from tests.reports.chapters.growth.sizes import sized_row


def by_label(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return study_from(rows).cells.set_index("label")


@pytest.mark.parametrize("status", ["timeout", "memory"])
def test_a_judged_incumbent_at_a_limit_is_an_answer(status: str) -> None:
    cells = by_label([cell("a", "i", 2.0), cell("b", "i", 2.2, status=status), cell("c", "i", None, status=status)])
    assert cells["outcome"].to_dict() == {"a": "solved", "b": "solved", "c": "failed"}
    assert cells.loc["b", "gap_low"] == pytest.approx(0.1)
    assert math.isnan(float(cells["gap_low"]["c"]))


def test_the_time_of_a_failed_cell_is_its_limit() -> None:
    cells = by_label(
        [
            cell("quick", "i", 2.0, solve_s=0.1),
            cell("crashed", "i", None, status="crash", solve_s=0.01, time_limit_s=20.0),
            cell("cut", "i", 2.0, status="timeout", solve_s=None, wall_s=20.5),
            cell("bound", "i", None, status="bound-only", solve_s=0.2),
            cell("absent", "i", None, status="not-installed", solve_s=None),
        ]
    )
    times = cells["time_s"].to_dict()
    assert math.isnan(times.pop("absent"))
    assert times == {"quick": 0.1, "crashed": 20.0, "cut": 20.5, "bound": 0.2}


def test_families_come_in_the_order_of_the_contract() -> None:
    families = ["zoo", "metro", None, "tiny", "paper"]
    rows = [cell("a", f"i{n}", 2.0, family=family, trace_seed=None) for n, family in enumerate(families)]
    assert study_from(rows).families == ["tiny", "paper", "metro", "no family", "zoo"]


def test_families_stand_in_order_and_sizes_by_their_numbers() -> None:
    rows = [sized_row("a", 0.1, models=m) for m in (160, 20, 5)] + [cell("a", "small-s0-t0", 2.0)]
    made = study_from(rows)
    assert made.families == ["small", "paper in other sizes"]
    assert [int(m) for m in made.cells["models"]] == [3, 5, 20, 160]
