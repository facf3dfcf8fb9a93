"""Sweeps: which families make one, and what solvers reach along it."""

from __future__ import annotations

import pytest

from reports.chapters.growth.measure import axes_of
from reports.chapters.sweeps.measure import LEAST_POINTS, sweeps_of, total_instances
from reports.chapters.sweeps.table import sweep_table
from tests.reports.cells import cell, study_from
from tests.reports.chapters.sweeps.points import CACHES, EXCESS, OPTIMUM, bare, only, sweep


@pytest.mark.parametrize(
    "families",
    [
        CACHES[:2],
        ("paper-cache-x0.5", "paper-cache-x1.5", "paper-cache-x2"),
        ("paper", "paper-cache-x0.5-steps-x2", "paper-cache-x2-steps-x2"),
        ("paper", "paper-latency-x5", "paper-latency-x9"),
        ("paper", "mine-cache-x0.5", "mine-cache-x2"),
    ],
)
def test_other_families_are_none(families: tuple[str, ...]) -> None:
    assert sweeps_of(study_from(bare(families))) == []


def test_a_sweep_of_a_factor_is_no_growth() -> None:
    made = study_from(bare((*CACHES, "paper-m5-n10-k10-t10-cache-x2", "paper-m20-n10-k10-t10")))
    assert axes_of(made) == []
    assert made.families == ["paper", "paper in other sizes", "paper with changes"]


def test_means_are_those_of_the_cells() -> None:
    found = only(sweep(CACHES))
    for at in found.points:
        assert at.optimum is not None
        assert at.optimum.mean == pytest.approx(4.4)
        assert at.instances == 3
        outcome = at.outcomes["t2drl"]
        assert outcome.estimates["excess"].mean == pytest.approx(1.03)
        assert outcome.estimates["excess"].low < 1.03 < outcome.estimates["excess"].high
        assert outcome.estimates["hit_ratio"].mean == 0.5
        assert outcome.complete
    assert set(found.solvers) == {OPTIMUM, *EXCESS}
    assert total_instances([found]) == 9


def test_an_open_optimum_leaves_costs_and_no_excess() -> None:
    rows = [row for row in sweep(CACHES) if not (row["label"] == OPTIMUM and row["family"] == "paper")]
    found = only(rows)
    assert found.points[1].optimum is None
    assert set(found.points[1].outcomes["t2drl"].estimates) == {"cost", "hit_ratio"}
    assert sweep_table(found).rows()[1][1] == "–"


def test_a_solver_of_one_point_is_not_of_the_sweep() -> None:
    rows = [*sweep(CACHES), cell("alone", "paper-s0-t0", 5.0, family="paper", scenario_seed=0)]
    assert "alone" not in only(rows).solvers
    assert LEAST_POINTS == 3
