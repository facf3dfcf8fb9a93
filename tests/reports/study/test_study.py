"""From rows to measured cells."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from reports.study.caveats import limits
from reports.study.study import study_of
from tests.reports.conftest import MakeCell


def by_label(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return study_of(pd.DataFrame(rows)).cells.set_index("label")


def test_gaps_and_captured_gain_of_every_cell(cell: MakeCell) -> None:
    cells = by_label(
        [cell("none", "i", 3.0), cell("half", "i", 2.5), cell("exact", "i", 2.0, lower_bound=2.0, exact=True)]
    )
    assert cells["gap_low"].to_dict() == pytest.approx({"none": 0.5, "half": 0.25, "exact": 0.0})
    assert cells["gap_high"].equals(cells["gap_low"])
    assert cells["captured_low"].to_dict() == pytest.approx({"none": 0.0, "half": 0.5, "exact": 1.0})
    assert cells["certified_here"].to_dict() == {"none": False, "half": False, "exact": True}


@pytest.mark.parametrize("status", ["timeout", "memory"])
def test_a_judged_incumbent_at_a_limit_is_an_answer(cell: MakeCell, status: str) -> None:
    cells = by_label([cell("a", "i", 2.0), cell("b", "i", 2.2, status=status), cell("c", "i", None, status=status)])
    assert cells["outcome"].to_dict() == {"a": "solved", "b": "solved", "c": "failed"}
    assert cells.loc["b", "gap_low"] == pytest.approx(0.1)
    assert math.isnan(float(cells["gap_low"]["c"]))


@pytest.mark.parametrize("status", ["crash", "error", "invalid", "infeasible-claim"])
def test_a_cost_of_a_failed_cell_is_no_answer(cell: MakeCell, status: str) -> None:
    study = study_of(pd.DataFrame([cell("good", "i", 2.0), cell("bad", "i", 1.0, status=status)]))
    (reference,) = study.references.values()
    assert reference.best_cost == 2.0
    assert study.cells.set_index("label")["outcome"]["bad"] == "failed"


def test_the_bound_of_an_invalid_cell_does_not_count(cell: MakeCell) -> None:
    study = study_of(
        pd.DataFrame([cell("good", "i", 2.0), cell("bad", "i", 1.0, status="invalid", lower_bound=2.0, exact=True)])
    )
    (reference,) = study.references.values()
    assert not reference.certified
    assert reference.best_bound is None


def test_a_contradicted_bound_certifies_no_cell(cell: MakeCell) -> None:
    study = study_of(
        pd.DataFrame([cell("liar", "i", 2.2, status="optimal", lower_bound=2.2, proved=True), cell("good", "i", 2.0)])
    )
    assert [(name, found.label) for name, found in study.contradictions] == [("i", "liar")]
    assert not study.cells["certified_here"].any()


def test_no_row_is_dropped_and_their_order_does_not_matter(busy: pd.DataFrame) -> None:
    study, shuffled = study_of(busy), study_of(busy.sample(frac=1.0, random_state=1))
    assert len(study.cells) == len(busy)
    pd.testing.assert_frame_equal(study.cells, shuffled.cells)
    assert list(study.references.items()) == list(shuffled.references.items())


def test_the_time_of_a_failed_cell_is_its_limit(cell: MakeCell) -> None:
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


def test_instances_that_share_a_name_are_told_apart(cell: MakeCell) -> None:
    rows = [cell("a", "i", 2.0), cell("a", "i", 3.0, instance_sha256="0123456789")]
    assert sorted(study_of(pd.DataFrame(rows)).names.values()) == ["i (01234567)", "i (sha-of-i)"]


def test_families_come_in_the_order_of_the_contract(cell: MakeCell) -> None:
    families = ["zoo", "metro", None, "tiny", "paper"]
    rows = [cell("a", f"i{n}", 2.0, family=family, trace_seed=None) for n, family in enumerate(families)]
    assert study_of(pd.DataFrame(rows)).families == ["tiny", "paper", "metro", "no family", "zoo"]


def test_a_cell_run_again_by_other_code_counts_once_and_the_newest_counts(cell: MakeCell) -> None:
    old = cell("a", "i", 3.0, started_at="2026-01-01T00:00:00Z", cell_id="old", code_version="000000000000")
    new = cell("a", "i", 2.0, started_at="2026-01-02T00:00:00Z", cell_id="new", code_version="111111111111")
    study = study_of(pd.DataFrame([new, old]))
    assert study.cells["cost"].tolist() == [2.0]
    assert study.superseded == 1
    assert any("1 older row left out" in limit for limit in limits(study))
