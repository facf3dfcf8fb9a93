"""From rows to measured cells."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.references.reference import Reference
from reports.study.caveats import caveats
from reports.study.study import measures, study_of
from tests.reports.cells import cell, study_from


def by_label(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return study_from(rows).cells.set_index("label")


def test_gaps_and_captured_gain_of_every_cell() -> None:
    cells = by_label(
        [cell("none", "i", 3.0), cell("half", "i", 2.5), cell("exact", "i", 2.0, lower_bound=2.0, exact=True)]
    )
    assert cells["gap_low"].to_dict() == pytest.approx({"none": 0.5, "half": 0.25, "exact": 0.0})
    assert cells["gap_high"].equals(cells["gap_low"])
    assert cells["captured_low"].to_dict() == pytest.approx({"none": 0.0, "half": 0.5, "exact": 1.0})
    assert cells["certified_here"].to_dict() == {"none": False, "half": False, "exact": True}


@pytest.mark.parametrize("status", ["crash", "error", "invalid", "infeasible-claim"])
def test_a_cost_of_a_failed_cell_is_no_answer(status: str) -> None:
    study = study_from([cell("good", "i", 2.0), cell("bad", "i", 1.0, status=status)])
    (reference,) = study.references.values()
    assert reference.best_cost == 2.0
    assert study.cells.set_index("label")["outcome"]["bad"] == "failed"


def test_the_bound_of_an_invalid_cell_does_not_count() -> None:
    study = study_of(
        pd.DataFrame([cell("good", "i", 2.0), cell("bad", "i", 1.0, status="invalid", lower_bound=2.0, exact=True)])
    )
    (reference,) = study.references.values()
    assert not reference.certified
    assert reference.best_bound is None


def test_a_contradicted_bound_certifies_no_cell() -> None:
    study = study_of(
        pd.DataFrame([cell("liar", "i", 2.2, status="optimal", lower_bound=2.2, proved=True), cell("good", "i", 2.0)])
    )
    (reference,) = study.references.values()
    assert [found.label for found in reference.contradictions] == ["liar"]
    assert not study.cells["certified_here"].any()


def test_no_row_is_dropped_and_their_order_does_not_matter(busy: pd.DataFrame) -> None:
    study, shuffled = study_of(busy), study_of(busy.sample(frac=1.0, random_state=1))
    assert len(study.cells) == len(busy)
    pd.testing.assert_frame_equal(study.cells, shuffled.cells)
    assert list(study.references.items()) == list(shuffled.references.items())


def test_instances_that_share_a_name_are_told_apart() -> None:
    rows = [cell("a", "i", 2.0), cell("a", "i", 3.0, instance_sha256="0123456789")]
    assert sorted(study_from(rows).names.values()) == ["i (01234567)", "i (sha-of-i)"]


def test_a_cell_run_again_by_other_code_counts_once_and_the_newest_counts() -> None:
    old = cell("a", "i", 3.0, started_at="2026-01-01T00:00:00Z", cell_id="old", code_version="000000000000")
    new = cell("a", "i", 2.0, started_at="2026-01-02T00:00:00Z", cell_id="new", code_version="111111111111")
    study = study_from([new, old])
    assert study.cells["cost"].tolist() == [2.0]
    assert study.superseded == 1
    assert any("1 older row left out" in caveat for caveat in caveats(study))


KNOWN = (None, 0.0, 1.0, 1.5, 2.0)
REFERENCES = [
    Reference(best_cost=best, best_bound=bound, cloud_cost=cloud, provers=provers)
    for best, bound, cloud, provers in product(KNOWN[1:], KNOWN, KNOWN, ((), ("exact",)))
]
COSTS = (0.0, 1.25, 1.5, 2.0, 3.0)


@pytest.mark.parametrize("cost", COSTS)
def test_each_cell_has_what_its_reference_says(cost: float) -> None:
    found = measures(REFERENCES, np.arange(len(REFERENCES)), np.full(len(REFERENCES), cost))
    for reference, *row in zip(REFERENCES, *found.values(), strict=True):
        stake = math.nan if reference.stake is None else reference.stake
        expected = (*reference.gap(cost), *(reference.captured(cost) or (math.nan, math.nan)), stake)
        np.testing.assert_array_equal(row, expected)


def test_cells_find_their_reference_and_nothing_is_said_without_a_cost() -> None:
    references = [Reference(best_cost=1.0, provers=("exact",)), Reference(), Reference(best_cost=2.0, cloud_cost=3.0)]
    found = measures(references, np.array([2, 0, 1, 2]), np.array([3.0, 1.5, np.nan, np.nan]))
    assert found["gap_low"].tolist()[:2] == [0.5, 0.5]
    assert found["gap_high"].tolist()[:2] == [math.inf, 0.5]
    assert found["stake"][0] == 1.0
    assert all(np.isnan(values[2:]).all() for values in found.values())
