"""The chapter Learners: there for trained solvers alone, measured against the best online policy, sure or not sure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from reports.chapters.chapter import Chapter
from reports.chapters.learners.break_even import break_even
from reports.chapters.learners.chapter import chapter
from reports.chapters.learners.measure import Contest, Contestant, Training, contests_of, difference
from reports.report import write_report
from reports.study.seed_blocks import side
from reports.study.study import study_of
from t2bench.cli.main import main
from tests.reports.conftest import MakeCell, Row
from tests.reports.test_report import Page, record

TRACES = range(20, 26)


def agent(scenario: int, seed: int) -> Row:
    """What a row says of its agent."""
    cost = {"training_cpu_s": 10.0 + seed, "environment_steps": 128_000, "updates": 1_500, "training_spent_s": 0.1}
    return {"agent_sha256": f"{scenario}{seed}", "training_whole": True, **cost}


def cells(cell: MakeCell, label: str, excess: Any, seeds: int = 1, taught: bool = False, **columns: Any) -> list[Row]:
    """A solver on two scenarios of ``small``; ``excess`` in per cent of scenario, seed and trace; costs about 2."""
    return [
        cell(
            label,
            f"small-s{scenario}-t{trace}",
            (2 + scenario + trace / 100) * (1 + excess(scenario, seed, trace) / 100),
            **{"scenario_seed": scenario, "trace_seed": trace, "seed": seed, "repetition": seed}
            | (agent(scenario, seed) if taught else {})
            | columns,
        )
        for scenario in range(2)
        for seed in range(seeds)
        for trace in TRACES
    ]


def exactly(value: float) -> Any:
    return lambda *_: value


def around(value: float, of_seeds: float, rest: float, salt: int) -> Any:
    """About ``value``: luck of the seed, and luck of each cell."""

    def excess(scenario: int, seed: int, trace: int) -> float:
        luck = np.random.default_rng([salt, scenario, seed]).normal(0, of_seeds)
        return float(value + luck + np.random.default_rng([salt, scenario, seed, trace]).normal(0, rest))

    return excess


@pytest.fixture
def trained(cell: MakeCell) -> list[Row]:
    rows = cells(cell, "online-optimal", exactly(0.0)) + cells(cell, "exhaustive", exactly(-0.5))
    rows += cells(cell, "t2drl", around(0.5, 0.1, 0.1, 1), seeds=3, taught=True)
    rows += cells(cell, "ddqn", around(0.5, 0.1, 0.1, 2), seeds=3, taught=True)
    return rows + cells(cell, "static+genetic", around(4.0, 0.0, 0.5, 3))


def contest_of(rows: list[Row]) -> Contest:
    (contest,) = contests_of(study_of(pd.DataFrame(rows)))
    return contest


def by_label(rows: list[Row]) -> dict[str, Contestant]:
    return {contestant.label: contestant for contestant in contest_of(rows).contestants}


def told(rows: list[Row]) -> Chapter:
    found = chapter(study_of(pd.DataFrame(rows)))
    assert found is not None
    return found


def test_without_a_trained_solver_there_is_no_chapter(cell: MakeCell, busy: pd.DataFrame) -> None:
    assert chapter(study_of(busy)) is None
    assert chapter(study_of(pd.DataFrame(cells(cell, "random", exactly(1.0), seeds=3)))) is None


def test_a_learner_and_a_deterministic_solver_are_compared(trained: list[Row]) -> None:
    found = by_label(trained)
    assert list(found) == [
        "exhaustive",
        *sorted(("t2drl", "ddqn"), key=lambda label: found[label].excess.mean),
        "static+genetic",
    ]
    learner, classical = found["t2drl"], found["static+genetic"]
    assert (learner.seeds, learner.instances, classical.seeds) == (3, 12, 1)
    assert (learner.learns, classical.learns) == (True, False)
    assert learner.excess.low < 0.5 < learner.excess.high
    gap = difference(learner, classical)
    assert gap is not None
    assert gap.mean == pytest.approx(learner.excess.mean - classical.excess.mean)
    assert side(gap) == -1
    assert learner.training == Training(6, cpu_s=11.0, environment_steps=128_000, updates=1_500, cut_short=0)
    assert classical.training is None
    assert learner.instance_s == pytest.approx(0.4)
    assert learner.slot_s == pytest.approx(0.1)


def test_what_both_lose_on_an_instance_does_not_hide_the_difference(cell: MakeCell) -> None:
    def hard(extra: float) -> Any:
        return lambda scenario, seed, trace: 3.0 * (trace % 3) + extra + 0.01 * ((7 * trace + 3 * seed) % 5)

    rows = cells(cell, "online-optimal", exactly(0.0)) + cells(cell, "a", hard(0.0), seeds=3, taught=True)
    found = by_label(rows + cells(cell, "b", hard(0.1), seeds=3, taught=True))
    assert found["a"].excess.high > found["b"].excess.mean
    gap = difference(found["a"], found["b"])
    assert gap is not None
    assert side(gap) == -1


def test_the_words_follow_from_the_intervals(trained: list[Row]) -> None:
    said = told(trained).findings
    assert said[0].startswith("small, the cheapest first: “exhaustive” < “")
    assert "≈" in said[0]
    assert said[0].count("< “static+genetic”;") == 1
    (place,) = (sentence for sentence in said if sentence.startswith("small: “t2drl” costs "))
    assert place.endswith("ahead of “static+genetic”; not told apart from “ddqn”; behind “exhaustive”.")
    assert len(said) == 3


def test_one_training_seed_is_said_and_one_trace_has_no_interval(cell: MakeCell) -> None:
    rows = cells(cell, "online-optimal", exactly(0.0)) + cells(cell, "t2drl", around(1, 0, 1, 1), taught=True)
    table = told(rows).tables[0]
    assert table.rows()[0][-1] == "one training seed: interval over traces alone"
    single = [row for row in rows if row["trace_seed"] == TRACES[0]]
    found = told(single)
    assert "no interval: a scenario with one trace" in found.tables[0].rows()[0][-1]
    assert "without an interval" in found.findings[0]


@pytest.mark.parametrize(
    ("training_s", "learner_s", "other_s", "instances"),
    [
        (10.0, 0.1, 0.6, 20),
        (10.0, 0.1, 0.5, 25),
        (1.0, 0.1, 0.4, 4),
        (10.0, 0.6, 0.6, math.inf),
        (9.0, 0.6, 0.1, math.inf),
    ],
)
def test_a_training_has_paid_off_when_the_time_saved_makes_up_for_it(
    training_s: float, learner_s: float, other_s: float, instances: float
) -> None:
    assert break_even(training_s, learner_s, other_s) == instances


def test_unknown_times_have_no_break_even() -> None:
    assert math.isnan(break_even(10.0, math.nan, 1.0))


def test_every_learner_is_held_against_every_other_solver(trained: list[Row]) -> None:
    slow = [{**row, "solve_s": 2.4} if row["label"] == "exhaustive" else row for row in trained]
    table = told(slow).tables[1]
    rows = {(row.label, row.other): row for row in table.data.itertuples()}
    assert set(rows) == {
        (learner, other)
        for learner in ("t2drl", "ddqn")
        for other in ("online-optimal", "exhaustive", "static+genetic")
    }
    exact = rows["t2drl", "exhaustive"]
    assert (exact.training_cpu_s, exact.instances, exact.side) == (11.0, math.ceil(11.0 / (2.4 - 0.4)), 1)
    assert rows["t2drl", "static+genetic"].side == -1
    fast = told([{**row, "solve_s": 0.01} if row["label"] == "exhaustive" else row for row in trained]).tables[1]
    shown = {(row[0], row[7]): row[9] for row in fast.rows()}
    assert shown["t2drl", "exhaustive"] == "never"


def test_equal_caches_are_not_told_apart_by_the_last_bits(cell: MakeCell) -> None:
    rows = cells(cell, "online-optimal", exactly(0.0)) + cells(cell, "static", exactly(1.0))
    found = by_label(rows + cells(cell, "ddqn", lambda *key: 1.0 + 1e-12 * (1 + key[2] % 2), taught=True))
    gap = difference(found["ddqn"], found["static"])
    assert gap is not None
    assert side(gap) == 0


def test_failing_on_some_instances_does_not_lead(trained: list[Row], cell: MakeCell) -> None:
    easy = [row for row in cells(cell, "quitter", exactly(-2.0), taught=True) if row["trace_seed"] < TRACES[-1]]
    found = told(trained + easy)
    assert found.tables[0].rows()[-1][0] == "quitter"
    assert "quitter" not in found.findings[0]
    assert any(sentence.startswith("small: “quitter” costs 2.00\u00a0% less") for sentence in found.findings)


def test_what_failed_is_left_out_for_all_seeds_and_said(cell: MakeCell) -> None:
    rows = cells(cell, "online-optimal", exactly(0.0)) + cells(cell, "t2drl", around(1, 1, 1, 1), seeds=2, taught=True)
    gone = next(row for row in rows if row["label"] == "t2drl")
    gone |= {"cost": None, "status": "crash", "solution": None}
    assert by_label(rows)["t2drl"].instances == 11
    assert told(rows).tables[0].rows()[0][-1] == "1 instance without an answer left out"


def test_a_training_cut_short_is_said_by_every_solver_that_uses_the_agent(cell: MakeCell) -> None:
    rows = cells(cell, "online-optimal", exactly(0.0)) + cells(cell, "t2drl", exactly(1.0), seeds=2, taught=True)
    for row in rows:
        row["training_whole"] = None if row["agent_sha256"] is None else row["agent_sha256"] != "10"
    assert told(rows).tables[0].rows()[0][-1] == "1 training cut short by the time limit"


def test_seeds_are_paired_where_both_have_several(cell: MakeCell) -> None:
    rows = cells(cell, "online-optimal", exactly(0.0))
    rows += cells(cell, "a", lambda _, seed, __: 5.0 * seed, seeds=3, taught=True)
    found = by_label(rows + cells(cell, "b", lambda _, seed, __: 5.0 * seed + 1.0, seeds=2, taught=True))
    gap = difference(found["a"], found["b"])
    assert gap is not None
    assert (gap.mean, gap.low, gap.high) == pytest.approx((-1.0, -1.0, -1.0))


def test_without_the_reference_nothing_is_measured(cell: MakeCell) -> None:
    found = told(cells(cell, "t2drl", exactly(1.0), taught=True))
    assert found.findings == [
        "small: no complete answer of “online-optimal”, so there is nothing to measure learners against."
    ]
    assert found.figure is None
    assert not found.tables


def test_a_report_with_learners_is_whole_and_twice_the_same(trained: list[Row], cell: MakeCell, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    page = Page(write_report(record(trained), first).read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids))
    assert {target[1:] for target in page.targets if target.startswith("#")} <= set(page.ids)
    assert "learners" in page.ids
    pairs = pd.read_csv(first / "tables" / "learner-pairs.csv")
    assert set(zip(pairs["label"], pairs["other"], strict=True)) == {
        (learner, other)
        for learner in ("t2drl", "ddqn")
        for other in ("t2drl", "ddqn", "exhaustive", "static+genetic")
        if learner != other
    }
    write_report(record(trained[::-1]), second)
    made = [path.relative_to(first) for path in first.rglob("*") if path.is_file()]
    assert Path("figures/excess-of-learners.svg") in made
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in made)
    write_report(record([cell("a", "i", 2.0)]), first)
    assert not list(first.rglob("*learner*"))


@pytest.mark.slow
def test_a_matrix_of_learners_is_run_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("T2BENCH_CACHE", str(tmp_path / "agents"))
    learner = {"name": "t2drl", "label": "t2drl", "settings": {"train_steps": 20}, "repetitions": 2}
    matrix = {"format": "t2bench-matrix", "version": 1, "name": "taught", "families": ["tiny"], "trace_seeds": "20-21"}
    matrix |= {"solvers": ["online-optimal", "random+equal", learner], "time_limit_s": 60}
    Path("taught.yaml").write_text(yaml.safe_dump(matrix))
    assert main(["run", "taught.yaml", "--jobs", "1"]) == 0
    assert main(["report", "taught.sqlite", "-o", "report"]) == 0
    capsys.readouterr()
    table = pd.read_csv("report/tables/learners.csv").set_index("label")
    assert table["learns"].to_dict() == {"t2drl": True, "random+equal": False}
    assert table["seeds"].to_dict() == {"t2drl": 2, "random+equal": 1}
    assert table["training_cpu_s"].notna().to_dict() == table["learns"].to_dict()
    assert table["low"].notna().all()
    agents = pd.read_csv("report/tables/break-even.csv")
    assert (agents["training_cpu_s"] > 0).all()
    assert (agents["slot_s"] > 0).all()
