"""A limit of processor time counts all processes of a cell, and ends it as the time limit does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.matrix.matrix import SolverEntry
from benchmarks.process import watch
from benchmarks.process.outcome import Outcome, answered_at_limit
from benchmarks.process.run import run_cell
from benchmarks.store.store import Store
from problems.instance import Instance, write_instance
from problems.judge import judge
from problems.solution import read_solution
from t2bench.cli.main import main
from tests.benchmarks.hostile import cloud
from tests.benchmarks.runs import eventually
from tests.benchmarks.stores import filled, rows_of
from tests.cases import sampled
from tests.places import BURNERS, HOSTILE

LIMIT_S, PATIENCE_S = 0.7, 300.0
WORDS = "s of processor time; the CPU limit is 0.7 s"


@pytest.fixture(scope="module")
def instance() -> Instance:
    return sampled("tiny")


def solve(instance: Instance, name: str, **settings: Any) -> Outcome:
    return run_cell(instance, f"{BURNERS}:{name}", settings, 0, PATIENCE_S, None, LIMIT_S)


def assert_ended_with_its_answer(outcome: Outcome, instance: Instance) -> None:
    assert outcome.status == "timeout"
    assert outcome.error is not None
    assert WORDS in outcome.error
    assert outcome.verdict == judge(instance, cloud(instance))
    assert outcome.solution is not None
    assert outcome.cpu_s is not None
    assert outcome.cpu_s >= LIMIT_S


def test_a_solver_that_works_on_is_stopped(instance: Instance) -> None:
    assert_ended_with_its_answer(solve(instance, "Burns"), instance)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("BurnsInChildren", {}),
        ("BurnsInChildren", {"own_session": True}),
        ("BurnsInMany", {"waits": True}),
        ("BurnsInMany", {"waits": False}),
    ],
    ids=["children", "sessions of their own", "ended children", "zombies"],
)
def test_what_its_children_use_counts_and_they_die_with_it(
    instance: Instance, tmp_path: Path, name: str, settings: dict[str, Any]
) -> None:
    diary = tmp_path / "diary"
    assert_ended_with_its_answer(solve(instance, name, diary=str(diary), **settings), instance)
    pids = [int(pid) for pid in diary.read_text().split()]
    assert len(pids) >= 2
    assert eventually(lambda: not any(map(psutil.pid_exists, pids)))


def test_time_that_nobody_works_does_not_count(instance: Instance) -> None:
    outcome = run_cell(instance, f"{HOSTILE}:Slow", {"seconds": 2 * LIMIT_S}, 0, PATIENCE_S, None, LIMIT_S)
    assert outcome.status == "feasible"
    assert outcome.solve_s is not None
    assert outcome.solve_s > LIMIT_S


def test_the_system_stops_what_is_not_watched(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "cpu_s", lambda _: 0.0)
    assert_ended_with_its_answer(solve(instance, "Burns"), instance)


def test_the_limit_stands_in_the_row_and_in_its_command(tmp_path: Path) -> None:
    burner = SolverEntry(name=f"{BURNERS}:Burns", cpu_limit_s=LIMIT_S)
    rows = rows_of(burner, SolverEntry(name="none"), trace_seeds=(0,), cpu_limit_s=50.0, time_limit_s=PATIENCE_S)
    with Store.open(filled(tmp_path / "s.sqlite", rows)) as store:
        other, burnt = sorted(
            store.records("status", "cost", "error", "cpu_limit_s", "command"), key=lambda row: str(row["status"])
        )
    assert (other["status"], other["cpu_limit_s"]) == ("feasible", 50.0)
    assert burnt["cpu_limit_s"] == LIMIT_S
    assert answered_at_limit(burnt["status"], burnt["cost"])
    assert WORDS in burnt["error"]
    assert " --cpu-limit 50 " in other["command"]
    assert " --cpu-limit 0.7 " in burnt["command"]


def test_solve_takes_it(instance: Instance, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_instance(instance, tmp_path / "a.json")
    words = ["solve", str(tmp_path / "a.json"), "--solver", f"{BURNERS}:Burns", "--cpu-limit", "0.7"]
    assert main([*words, "-o", str(tmp_path / "s.json")]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "timeout"
    assert read_solution(tmp_path / "s.json", instance).objective == judge(instance, cloud(instance)).cost


@pytest.mark.parametrize(
    ("option", "value", "allowed"),
    [
        ("--cpu-limit", "0", "must be a number > 0 and <= 1000000000"),
        ("--cpu-limit", "2e9", "must be a number > 0 and <= 1000000000"),
        ("--cpu-limit", "soon", "must be a number > 0 and <= 1000000000"),
        ("--memory-limit", "1e30", "must be a number > 0 and <= 1000000"),
        ("--time-limit", "inf", "must be a number > 0"),
        ("--time-limit", "nan", "must be a number > 0"),
    ],
)
def test_solve_refuses_what_is_no_limit(
    capsys: pytest.CaptureFixture[str], option: str, value: str, allowed: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["solve", "a.json", "--solver", "none", option, value, "-o", "s.json"])
    assert ended.value.code == 2
    assert (
        capsys.readouterr().err.splitlines()[-1].startswith(f"t2bench solve: argument {option}: {value}; {allowed} (")
    )
