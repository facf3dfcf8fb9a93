"""Sweeps: which families make one, what is said of solvers along it, and that a sweep is no growth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reports.chapters.growth.measure import axes_of
from reports.chapters.sweeps.chapter import chapter as sweeps_chapter
from reports.chapters.sweeps.measure import LEAST_POINTS, Sweep, sweeps_of, total_instances
from reports.chapters.sweeps.table import points_table, sweep_table
from reports.report import write_report
from reports.study.study import Study, study_of
from tests.reports.conftest import MakeCell, Row
from tests.reports.records import record

OPTIMUM = "branch-and-bound"
EXCESS = {"t2drl": 1.0, "ddqn+ddpg": 1.5, "static+genetic": 2.0, "random+equal": 10.0}
"""Per cent over the optimum."""
CACHES = ("paper-cache-x0.5", "paper", "paper-cache-x2")


def point(cell: MakeCell, family: str, level: float = 4.0, traces: int = 3, **excess: float) -> list[Row]:
    """Cells of one family: the certified optimum of every trace and solvers so many per cent above it."""
    rows = []
    for trace in range(traces):
        best, name = level * (1 + 0.1 * trace), f"{family}-s0-t{trace}"
        columns: dict[str, Any] = {"family": family, "scenario_seed": 0, "trace_seed": trace}
        proof = {"exact": True, "status": "optimal", "lower_bound": best}
        rows.append(cell(OPTIMUM, name, best, **proof, **columns))
        for label, above in (EXCESS | excess).items():
            jitter = 0.02 * trace * (1 + len(label) / 10)
            rows.append(cell(label, name, best * (1 + (above + jitter) / 100), **columns))
    return rows


def study(rows: list[Row]) -> Study:
    return study_of(pd.DataFrame(rows))


def only(rows: list[Row]) -> Sweep:
    (sweep,) = sweeps_of(study(rows))
    return sweep


def sweep(cell: MakeCell, families: tuple[str, ...]) -> list[Row]:
    return [row for family in families for row in point(cell, family)]


def bare(cell: MakeCell, families: tuple[str, ...]) -> list[Row]:
    """One cell of each."""
    return [cell("a", f"{family}-s0-t0", 4.0, family=family, scenario_seed=0) for family in families]


@pytest.mark.parametrize(
    ("axis", "families", "values"),
    [
        ("cache capacity", CACHES, [16.67, 33.33, 66.67]),
        ("bandwidth", ("paper", "paper-bandwidth-x2", "paper-bandwidth-x0.5"), [45, 90, 180]),
        ("steps", ("paper-steps-x2", "paper", "paper-steps-x0.5"), [100, 200, 400]),
        ("skew", ("paper", "paper-skew-x0", "paper-skew-x3"), [0, 0.6, 1.8]),
        ("weight of latency", ("paper-latency-x1.6", "paper", "paper-latency-x0.4"), [0.2, 0.5, 0.8]),
        ("models", ("paper", "paper-m5-n10-k10-t10", "paper-m15-n10-k10-t10"), [5, 10, 15]),
        ("users, budgets grow", ("paper", "paper-m10-n5-k10-t10", "paper-m10-n20-k10-t10"), [5, 10, 20]),
        (
            "users, budgets fixed",
            ("paper-m10-n5-k10-t10-bandwidth-x2-steps-x2", "paper-m10-n20-k10-t10-bandwidth-x0.5-steps-x0.5", "paper"),
            [5, 10, 20],
        ),
    ],
)
def test_families_that_differ_in_one_thing_are_a_sweep(
    cell: MakeCell, axis: str, families: tuple[str, ...], values: list[float]
) -> None:
    found = only(bare(cell, families))
    assert (found.family, found.axis.name) == ("paper", axis)
    assert [point.value for point in found.points] == pytest.approx(values)
    assert {point.family for point in found.points} == set(families)


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
def test_other_families_are_none(cell: MakeCell, families: tuple[str, ...]) -> None:
    assert sweeps_of(study(bare(cell, families))) == []


def test_a_sweep_of_a_factor_is_no_growth(cell: MakeCell) -> None:
    made = study(bare(cell, (*CACHES, "paper-m5-n10-k10-t10-cache-x2", "paper-m20-n10-k10-t10")))
    assert axes_of(made) == []
    assert made.families == ["paper", "paper in other sizes", "paper with changes"]


def test_means_are_those_of_the_cells(cell: MakeCell) -> None:
    found = only(sweep(cell, CACHES))
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


def test_an_open_optimum_leaves_costs_and_no_excess(cell: MakeCell) -> None:
    rows = [row for row in sweep(cell, CACHES) if not (row["label"] == OPTIMUM and row["family"] == "paper")]
    found = only(rows)
    assert found.points[1].optimum is None
    assert set(found.points[1].outcomes["t2drl"].estimates) == {"cost", "hit_ratio"}
    assert sweep_table(found).rows()[1][1] == "–"


def test_a_solver_of_one_point_is_not_of_the_sweep(cell: MakeCell) -> None:
    rows = [*sweep(cell, CACHES), cell("alone", "paper-s0-t0", 5.0, family="paper", scenario_seed=0)]
    assert "alone" not in only(rows).solvers
    assert LEAST_POINTS == 3


def test_an_incomplete_mean_is_marked(cell: MakeCell) -> None:
    rows = sweep(cell, CACHES)
    lost = next(row for row in rows if row["label"] == "t2drl" and row["family"] == "paper")
    lost |= {"cost": None, "status": "crash"}
    table = sweep_table(only(rows))
    place = [column.heading for column in table.columns].index("t2drl, %")
    assert [row[place].endswith("†") for row in table.rows()] == [False, True, False]
    assert "incomplete set" in table.caption


def test_the_sentences_count_points_and_name_the_exceptions(cell: MakeCell) -> None:
    rows = point(cell, CACHES[0]) + point(cell, "paper", **{"ddqn+ddpg": 0.5})
    rows += point(cell, CACHES[2], **{"t2drl": 1.2, "ddqn+ddpg": 1.21, "online-optimal": 0.8})
    found = sweeps_chapter(study(rows))
    assert found is not None
    assert (
        "paper: “t2drl” is ahead of “ddqn+ddpg” at 1 of 3 points, not told apart at 1, behind at 1 "
        "(the family's own setting)." in found.findings
    )
    assert "paper: “t2drl” is ahead of “random+equal” at 3 of 3 points." in found.findings
    assert any(
        said.startswith("paper: “t2drl” is 1.23") and "at worst (a cache of 66.7 %)" in said for said in found.findings
    )
    assert (
        "paper: the paper's order “t2drl”, “ddqn+ddpg”, “static+genetic”, “random+equal”, the best first, fails: "
        "“ddqn+ddpg” is ahead of “t2drl” at 1 (the family's own setting)." in found.findings
    )


def test_the_table_of_all_points_has_intervals(cell: MakeCell) -> None:
    table = points_table([only(sweep(cell, CACHES))])
    assert len(table.data) == 3 * (1 + len(EXCESS))
    assert (table.data["cost_low"] < table.data["cost"]).all()
    assert {"family", "axis", "value", "label", "excess", "excess_low", "hit_ratio_high"} <= set(table.data)


def chains(cell: MakeCell, excess: dict[int, float]) -> list[Row]:
    """Learners on ``paper`` that differ in the length of their chain."""
    rows = point(cell, "paper")
    for length, above in excess.items():
        for row in [row for row in rows if row["label"] == "t2drl"]:
            columns = {name: row[name] for name in ("family", "scenario_seed", "trace_seed")}
            columns |= {"solver": "t2drl", "settings": json.dumps({"train_steps": 10, "chain": length})}
            columns |= {"agent_sha256": f"agent-{length}", "training_cpu_s": 10.0 * length}
            cost = row["cost"] * (1 + above / 100)
            rows.append(cell(f"chain {length}", row["instance"], cost, **columns))
    return rows


def test_chain_lengths_are_compared_with_the_shortest(cell: MakeCell) -> None:
    found = sweeps_chapter(study(chains(cell, {10: 0.4, 1: 0.9, 2: 0.1})))
    assert found is not None
    assert found.figure is None
    (table,) = found.tables
    assert table.data["chain"].tolist() == [1, 2, 10]
    assert table.data["training_cpu_s"].tolist() == [10, 20, 100]
    assert table.data["side"].tolist() == [0, -1, -1]
    (said,) = found.findings
    assert "a chain of 2 steps has the least excess" in said
    assert said.endswith("Beside a chain of 1 step: 2 ahead of it, 10 ahead of it.")


def test_two_chain_lengths_make_no_table(cell: MakeCell) -> None:
    assert sweeps_chapter(study(chains(cell, {1: 0.5, 2: 0.1}))) is None


@pytest.mark.slow
def test_the_chapter_is_drawn_and_written_twice_alike(cell: MakeCell, tmp_path: Path) -> None:
    rows = sweep(cell, (*CACHES, "paper-skew-x0", "paper-skew-x2"))
    rows += [row for row in chains(cell, {1: 0.3, 2: 0.2, 5: 0.1}) if row["label"].startswith("chain")]
    found = sweeps_chapter(study(rows))
    assert found is not None
    assert found.figure is not None
    for words in (b"paper: cache capacity", b"paper: skew", b"edge hit ratio", b"certified optimum", b"random+equal"):
        assert words in found.figure.contents["svg"]
    again = sweeps_chapter(study(list(reversed(rows))))
    assert again is not None
    assert again.figure is not None
    assert again.figure.contents == found.figure.contents
    assert again.findings == found.findings
    page = write_report(record(rows), tmp_path).read_text(encoding="utf-8")
    assert "One parameter of the setting at a time" in page
    for name in ("sweeps", "sweep-points", "chain-length"):
        for kind in ("csv", "md", "tex"):
            assert (tmp_path / "tables" / f"{name}.{kind}").is_file()
