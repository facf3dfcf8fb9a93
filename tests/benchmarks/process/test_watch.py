"""Who passes a limit is killed with all that it started, and what it streamed stays."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks.process import watch
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell
from problems.instance import Instance
from problems.judge import judge
from tests.benchmarks.cells import CPU_LIMIT_S, MEMORY_GB, SHORT_S, assert_burnt, burn, eventually_gone, solve
from tests.benchmarks.hostile import cloud
from tests.benchmarks.runs import eventually
from tests.places import HOSTILE


@pytest.mark.usefixtures("quick_kill")
@pytest.mark.parametrize("name", ["Sleeps", "IgnoresSignals", "Chatters", "StreamsForever"])
def test_who_does_not_stop_is_killed_at_the_time_limit(instance: Instance, name: str) -> None:
    outcome = solve(instance, name, SHORT_S)
    assert (outcome.status, outcome.signal) == ("timeout", signal.SIGKILL)
    assert outcome.solve_s is not None
    assert SHORT_S <= outcome.solve_s < SHORT_S + 2.0
    assert outcome.error is not None
    assert "the limit is 0.3 s" in outcome.error


def test_memory_is_limited_and_the_incumbent_survives(instance: Instance) -> None:
    outcome = solve(instance, "Allocates")
    assert outcome.status == "memory"
    assert outcome.peak_memory_gb is not None
    assert outcome.peak_memory_gb < MEMORY_GB + 0.3
    assert outcome.verdict == judge(instance, cloud(instance))


def test_the_memory_of_children_counts(instance: Instance) -> None:
    outcome = solve(instance, "AllocatesInChildren")
    assert (outcome.status, outcome.signal) == ("memory", signal.SIGKILL)


@pytest.mark.usefixtures("quick_kill")
@pytest.mark.parametrize("hang", [True, False])
def test_no_descendant_outlives_the_cell(instance: Instance, tmp_path: Path, hang: bool) -> None:
    diary = tmp_path / "pids"
    diary.touch()
    outcome = solve(instance, "LeavesProcesses", 2.0, diary=str(diary), hang=hang)
    assert outcome.status == ("timeout" if hang else "feasible")
    pids = [int(word) for word in diary.read_text().split()]
    assert len(pids) == 3
    assert eventually_gone(pids)


@pytest.mark.usefixtures("quick_kill")
def test_the_best_incumbent_and_the_bound_survive_the_kill(instance: Instance) -> None:
    outcome = solve(instance, "StreamsThenHangs", SHORT_S)
    cost = judge(instance, cloud(instance)).cost
    assert outcome.status == "timeout"
    assert outcome.verdict is not None
    assert outcome.verdict.cost == cost
    assert outcome.lower_bound == 0.5 * cost
    assert outcome.solution is not None
    assert outcome.solution.status == "timeout"
    assert [event.kind for event in outcome.events] == ["cost", "cost", "bound"]
    assert outcome.events[0].value > outcome.events[1].value == cost
    assert all(0 <= event.seconds <= SHORT_S for event in outcome.events)


@pytest.mark.usefixtures("quick_kill")
def test_noise_in_place_of_messages_is_an_error(instance: Instance) -> None:
    outcome = solve(instance, "Garbles", 3.0)
    assert outcome.status == "error"
    assert outcome.error is not None
    assert "no message" in outcome.error


def test_a_stopped_cell_takes_its_process_with_it(instance: Instance, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    with pytest.raises(watch.Stopped):
        run_cell(Request(instance, f"{HOSTILE}:Slow", {"seconds": 60.0, "diary": str(diary)}, time_limit_s=60.0), stop)
    assert eventually_gone([int(diary.read_text().split()[-1])])


def test_whoever_gets_round_the_check_of_what_it_has_learnt_is_found_out(instance: Instance) -> None:
    outcome = solve(instance, "LiesAboutLearning")
    assert outcome.status == "error"
    assert outcome.error == "sent what is no message: updates: -1; must be a whole number >= 0 and < 2**63"


def test_a_solver_that_works_on_is_stopped(instance: Instance) -> None:
    assert_burnt(burn(instance, "Burns"), instance)


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
    assert_burnt(burn(instance, name, diary=str(diary), **settings), instance)
    pids = [int(pid) for pid in diary.read_text().split()]
    assert len(pids) >= 2
    assert eventually(lambda: not any(map(psutil.pid_exists, pids)))


def test_time_that_nobody_works_does_not_count(instance: Instance) -> None:
    outcome = run_cell(Request(instance, f"{HOSTILE}:Slow", {"seconds": 2 * CPU_LIMIT_S}, cpu_limit_s=CPU_LIMIT_S))
    assert outcome.status == "feasible"
    assert outcome.solve_s is not None
    assert outcome.solve_s > CPU_LIMIT_S
