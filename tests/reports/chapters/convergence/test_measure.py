"""The chapter Convergence: agents counted once, where they end, from when on they are near it, and late changes."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reports.chapters.chapter import Chapter
from reports.chapters.convergence.chapter import chapter
from reports.chapters.convergence.measure import Convergence, Convergences, convergences_of
from reports.report import write_report
from reports.study.study import study_of
from solvers.learning_curve import CurvePoint, LearningCurve
from tests.reports.conftest import MakeCell, Row
from tests.reports.records import record

END = 120
"""Environment steps of a whole training."""


def curve(*excess: float, learner: str = "t2drl", planned: int = END, pace: float = 1.0) -> LearningCurve:
    """Points 10 steps and ``pace`` seconds apart, of which the first came after a second."""
    points = tuple(CurvePoint(10 * n, n, 1 + pace * n, value, value / 2) for n, value in enumerate(excess))
    return LearningCurve(learner, planned, points, 0.5)


def falling(end: float, start: float = 30.0) -> list[float]:
    """Thirteen values from ``start`` to ``end``, steadily."""
    return [start + (end - start) * n / 12 for n in range(13)]


def taught(*agents: tuple[str, LearningCurve | None]) -> Row:
    """What a row says of its agents."""
    curves = [None if curve is None else asdict(curve) for _, curve in agents]
    cost = {"training_cpu_s": 13.0, "environment_steps": END, "updates": 12, "training_whole": True}
    columns: dict[str, Any] = {"agent_sha256": "+".join(name for name, _ in agents), "training_spent_s": 0.0, **cost}
    return columns | {"learning_curves": json.dumps(curves) if any(curves) else None}


@pytest.fixture
def trained(cell: MakeCell) -> list[Row]:
    """Two solvers that share two agents, one that adds an agent of its own, and one that was not measured."""
    rows = [cell("online-optimal", f"i{n}", 2.02, lower_bound=2.0, trace_seed=n) for n in range(2)]
    rows += [cell("exhaustive", f"i{n}", 2.0, lower_bound=2.0, status="optimal", trace_seed=n) for n in range(2)]
    for seed, end in enumerate((1.0, 3.0)):
        agent = f"a{seed}", curve(*falling(end))
        other = f"b{seed}", curve(*falling(2 * end), learner="ddqn+ddpg", pace=2.0)
        for n in range(2):
            shared = {"seed": seed, "repetition": seed, "trace_seed": n}
            rows.append(cell("t2drl", f"i{n}", 2.1, **shared, **taught(agent)))
            rows.append(cell("online-optimal+d3pg", f"i{n}", 2.1, **shared, **taught(agent)))
            rows.append(cell("ddqn+ddpg", f"i{n}", 2.1, **shared, **taught(agent, other)))
    return [*rows, cell("online-optimal+td3", "i0", 2.2, **taught(("c", None)))]


def told(rows: list[Row]) -> Chapter:
    found = chapter(study_of(pd.DataFrame(rows)))
    assert found is not None
    return found


def family_of(rows: list[Row]) -> Convergences:
    (found,) = convergences_of(study_of(pd.DataFrame(rows)))
    return found


def test_an_agent_counts_once_whoever_uses_it(trained: list[Row]) -> None:
    found = family_of(trained)
    assert {learner.learner: len(learner.curves) for learner in found.learners} == {"ddqn+ddpg": 2, "t2drl": 2}
    assert found.unmeasured == ["online-optimal+td3"]
    assert found.online_excess == pytest.approx(1.0)


def test_lines_are_medians_over_agents(trained: list[Row]) -> None:
    last = next(one for one in family_of(trained).learners if one.learner == "t2drl").points.iloc[-1]
    assert (last["environment_steps"], last["agents"], last["training_cpu_s"]) == (END, 2, 13.0)
    assert (last["excess_low"], last["excess"], last["excess_high"]) == pytest.approx((1.5, 2.0, 2.5))
    assert last["allocation"] == pytest.approx(1.0)


def test_agents_that_were_cut_short_count_as_far_as_they_came() -> None:
    found = Convergence("t2drl", [curve(*falling(1.0)), curve(40.0, 35.0)])
    assert found.points["agents"].tolist() == [2, 2, *[1] * 11]
    assert found.points["excess"].iloc[-1] == pytest.approx(1.0)
    assert found.cut_short == 1
    assert found.validation_share == pytest.approx(1.0 / (13.0 + 2.0))


def test_near_is_where_it_comes_to_stay() -> None:
    found = Convergence("t2drl", [curve(30.0, 4.5, 9.0, 4.9, 4.0)])
    assert found.near(4.0) == 4.0
    assert found.near(30.0) == 1.0
    assert found.near(0.0) is None
    assert Convergence("t2drl", [curve(30.0, 0.9, 1.0)]).near(0.0) == 2.0


def test_late_changes_are_told_from_luck_by_several_agents() -> None:
    steady = [5.0] * 10
    better = Convergence("t2drl", [curve(*steady, 4.8, 4.5, 4.0 + luck) for luck in (0.0, 0.1, 0.2)]).late_change
    assert better is not None
    assert better.mean == pytest.approx(-0.9)
    assert better.low < better.mean < better.high < 0
    unsure = Convergence("t2drl", [curve(*steady, 5.0, 5.0, 5.0 + luck) for luck in (-1.0, 1.1)]).late_change
    assert unsure is not None
    assert unsure.low < 0 < unsure.high
    alone = Convergence("t2drl", [curve(*falling(1.0))]).late_change
    assert alone is not None
    assert math.isnan(alone.low)
    assert Convergence("t2drl", [curve(30.0, 20.0)]).late_change is None


def test_lengths_of_training_are_kept_apart(cell: MakeCell) -> None:
    rows = [
        cell("short", "i", 2.0, **taught(("a", curve(30.0, 9.0, planned=10)))),
        cell("long", "i", 2.0, **taught(("b", curve(*falling(1.0))))),
    ]
    assert [learner.learner for learner in family_of(rows).learners] == ["t2drl, 10 steps", "t2drl, 120 steps"]


def test_the_sentences_say_what_the_table_holds(trained: list[Row]) -> None:
    found = told(trained)
    (table,) = found.tables
    assert table.data["learner"].tolist() == ["t2drl", "ddqn+ddpg"]
    assert table.data.loc[0, ["excess", "training_cpu_s", "near_end_s"]].tolist() == pytest.approx([2.0, 13.0, 13.0])
    assert math.isnan(table.data.loc[0, "near_optimum_s"])
    assert found.findings[1].startswith(
        "small: “t2drl” (2 agents) ends 2.00\u00a0% above the optimum after 13.0 CPU seconds, 1.00\u00a0% by its "
        "allocations alone; it stays within 1\u00a0% of that cost from 13.0 s on, and does not come within 1\u00a0% of "
        "the optimum. Its excess changed by -7.00 points at the end"
    )
    assert found.findings[1].endswith(": it still improved.")
    assert found.findings[2] == "small: nothing was measured while the agents of “online-optimal+td3” were trained."
    assert len(found.long_tables[0].data) == 26


def test_there_is_none_without_curves(trained: list[Row], cell: MakeCell) -> None:
    assert chapter(study_of(pd.DataFrame([cell("a", "i", 2.0)]))) is None
    assert chapter(study_of(pd.DataFrame(trained).assign(learning_curves=None))) is None


def test_it_stands_in_the_report(trained: list[Row], tmp_path: Path) -> None:
    page = write_report(record(trained), tmp_path).read_text(encoding="utf-8")
    assert 'id="convergence"' in page
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {f"tables/convergence.{kind}" for kind in ("csv", "md", "tex")} < made
    assert {f"figures/excess-against-training.{kind}" for kind in ("png", "svg", "pdf")} < made
    assert "learning_curves" not in (tmp_path / "tables" / "cells.csv").read_text(encoding="utf-8")


def test_the_order_of_the_rows_does_not_matter(trained: list[Row]) -> None:
    first, second = told(trained), told(trained[::-1])
    assert first.findings == second.findings
    assert first.figure is not None
    assert second.figure is not None
    assert first.figure.contents == second.figure.contents
    for one, other in zip((*first.tables, *first.long_tables), (*second.tables, *second.long_tables), strict=True):
        pd.testing.assert_frame_equal(one.data, other.data)
