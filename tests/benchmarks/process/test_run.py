"""Whatever a solver does, its cell ends in time, in the right way, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import signal
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from benchmarks.process import launcher, watch
from benchmarks.process.conclusion import MAX_VIOLATIONS
from benchmarks.process.outcome import Outcome
from benchmarks.process.run import run_cell
from problems.certificates.bound import certified_bound
from problems.instance import Instance
from problems.judge import check_claims, judge
from solvers.base import Learnt
from tests.benchmarks.hostile import cloud
from tests.benchmarks.runs import eventually
from tests.cases import sampled
from tests.places import HOSTILE

SHORT_S, MEMORY_GB = 0.3, 0.5


@pytest.fixture(scope="module")
def instance() -> Instance:
    return sampled("tiny")


@pytest.fixture
def quick_kill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "GRACE_S", 0.1)


def solve(instance: Instance, name: str, limit_s: float | None = 30.0, **settings: Any) -> Outcome:
    return run_cell(instance, f"{HOSTILE}:{name}", settings, 0, limit_s, MEMORY_GB)


def eventually_gone(pids: list[int]) -> bool:
    """Whether all processes are dead soon."""
    end = time.monotonic() + 5.0
    while time.monotonic() < end:
        if not any(map(_alive, pids)):
            return True
        time.sleep(0.02)
    return False


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_an_honest_answer_is_judged_signed_and_measured(instance: Instance) -> None:
    outcome = solve(instance, "Polite")
    assert outcome.status == "feasible"
    assert not outcome.failed
    assert outcome.solution is not None
    assert outcome.verdict is not None
    verdict = judge(instance, cloud(instance))
    assert outcome.verdict == verdict
    assert outcome.solution.objective == verdict.cost
    assert not check_claims(instance, outcome.solution, verdict)
    assert (outcome.solution.solver, outcome.solution.tier) == (f"{HOSTILE}:Polite", "hindsight")
    assert (outcome.exit_code, outcome.signal, outcome.error) == (0, None, None)
    assert outcome.solve_s is not None
    assert 0 <= outcome.solve_s < 5
    assert outcome.peak_memory_gb is not None
    assert 0.02 < outcome.peak_memory_gb < MEMORY_GB
    assert [(event.kind, event.value) for event in outcome.events] == [("cost", verdict.cost)]


def test_a_built_in_solver_proves_its_optimum(instance: Instance) -> None:
    outcome = run_cell(instance, "exhaustive", {}, 0, 60.0, 4.0)
    assert outcome.status == "optimal"
    assert outcome.proved
    assert outcome.exact
    assert outcome.solution is not None
    assert outcome.solution.lower_bound == outcome.lower_bound


def test_without_limits_a_cell_ends_by_itself(instance: Instance) -> None:
    assert run_cell(instance, f"{HOSTILE}:Polite", {}, 0, None, None).status == "feasible"


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("Raises", "error", "RuntimeError: no good"),
        ("RaisesSystemExit", "error", "SystemExit: 0"),
        ("Refuses", "skipped", "only for Tuesdays"),
        ("Missing", "not-installed", "pip install unobtainium"),
        ("AsksForTooMuch", "memory", "MemoryError"),
        ("ReturnsText", "invalid", "str"),
        ("WrongShape", "invalid", "bandwidth: array of shape [3, 2, 1]; must be [3, 2, 2]"),
        ("Objects", "invalid", "steps: array of object"),
        ("OddStatus", "invalid", "'splendid'"),
        ("NoSuchClass", "error", "has no class 'NoSuchClass'"),
    ],
)
def test_what_the_solver_throws_or_hands_over(instance: Instance, name: str, status: str, words: str) -> None:
    outcome = solve(instance, name)
    assert outcome.status == status
    assert outcome.error is not None
    assert words in outcome.error
    assert outcome.solution is None
    assert outcome.exit_code == 0


def test_the_last_lines_of_error_output_are_kept(instance: Instance) -> None:
    tail = solve(instance, "Raises").stderr_tail.splitlines()
    assert tail[0] == "before the end"
    assert tail[-1] == "RuntimeError: no good"
    assert any("in solve" in line for line in tail)


@pytest.mark.parametrize("code", [0, 3])
def test_an_exit_is_a_crash_with_its_code(instance: Instance, code: int) -> None:
    outcome = solve(instance, "Exits", code=code)
    assert (outcome.status, outcome.exit_code, outcome.signal) == ("crash", code, None)


def test_a_segmentation_fault_is_a_crash_with_its_signal(instance: Instance) -> None:
    outcome = solve(instance, "Segfaults")
    assert (outcome.status, outcome.exit_code, outcome.signal) == ("crash", None, signal.SIGSEGV)
    assert "Segmentation fault" in outcome.stderr_tail


def test_an_uncaught_bad_alloc_is_a_matter_of_memory(instance: Instance) -> None:
    outcome = solve(instance, "Aborts")
    assert (outcome.status, outcome.signal) == ("memory", signal.SIGABRT)


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
def test_a_streamed_bound_above_a_streamed_cost_is_found_out(instance: Instance) -> None:
    outcome = solve(instance, "StreamsThenHangs", SHORT_S, bound_share=1.01)
    assert outcome.status == "invalid"
    assert [violation.rule for violation in outcome.violations] == ["claim.lower_bound"]


def test_a_streamed_infeasible_incumbent_is_found_out(instance: Instance) -> None:
    outcome = solve(instance, "StreamsInfeasible")
    assert outcome.status == "invalid"
    assert [violation.rule for violation in outcome.violations] == ["incumbent"]


@pytest.mark.usefixtures("quick_kill")
def test_noise_in_place_of_messages_is_an_error(instance: Instance) -> None:
    outcome = solve(instance, "Garbles", 3.0)
    assert outcome.status == "error"
    assert outcome.error is not None
    assert "no message" in outcome.error


@pytest.mark.parametrize(
    ("claims", "rules"),
    [
        ({"status": "optimal"}, {"claim.status"}),
        ({"status": "optimal", "bound_share": 0.99}, {"claim.status"}),
        ({"bound_share": 1.001}, {"claim.lower_bound"}),
        ({"bound_share": 1.001, "status": "optimal"}, {"claim.lower_bound"}),
        ({"objective": 1.0}, {"claim.objective"}),
        ({"nan_bound": True}, {"claim.lower_bound"}),
    ],
)
def test_false_claims_make_the_row_invalid(instance: Instance, claims: dict[str, Any], rules: set[str]) -> None:
    outcome = solve(instance, "Claims", **claims)
    assert outcome.status == "invalid"
    assert {violation.rule for violation in outcome.violations} == rules


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"bound_share": 0.9}, "feasible"),
        ({"bound_share": 1.0}, "optimal"),
        ({"bound_share": 1.0, "status": "optimal"}, "optimal"),
        ({"status": "timeout"}, "timeout"),
        ({"status": "infeasible"}, "infeasible-claim"),
    ],
)
def test_the_status_is_what_the_claims_amount_to(instance: Instance, claims: dict[str, Any], status: str) -> None:
    assert solve(instance, "Claims", **claims).status == status


@pytest.mark.parametrize(("name", "rule"), [("ReturnsNan", "bandwidth.missing"), ("BreaksRules", "bandwidth.sum")])
def test_broken_rules_are_listed(instance: Instance, name: str, rule: str) -> None:
    outcome = solve(instance, name)
    assert outcome.status == "invalid"
    assert rule in {violation.rule for violation in outcome.violations}
    assert len(outcome.violations) <= MAX_VIOLATIONS + 1


def test_a_bound_without_decisions_is_a_bound(instance: Instance) -> None:
    outcome = solve(instance, "BoundOnly")
    assert (outcome.status, outcome.lower_bound, outcome.solution) == ("bound-only", 0.5, None)
    assert not outcome.failed


def test_an_answer_is_the_same_whoever_asks(instance: Instance) -> None:
    first, second = (run_cell(instance, "random", {}, 7, 60.0, 4.0) for _ in range(2))
    assert first.solution is not None
    assert second.solution is not None
    for name in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(first.solution, name), getattr(second.solution, name))


def test_a_stopped_cell_takes_its_process_with_it(instance: Instance, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    with pytest.raises(watch.Stopped):
        run_cell(instance, f"{HOSTILE}:Slow", {"seconds": 60.0, "diary": str(diary)}, 0, 60.0, 1.0, stop=stop)
    assert eventually_gone([int(diary.read_text().split()[-1])])


def test_the_loss_of_the_fork_server_is_an_error_and_the_next_cell_has_a_new_one(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher.shut_down()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def kill_servers() -> None:
        for child in psutil.Process().children():
            if "benchmarks.process.forkserver" in " ".join(child.cmdline()):
                child.kill()

    threading.Timer(2.0, kill_servers).start()
    outcome = solve(instance, "Sleeps", 60.0)
    assert (outcome.status, outcome.error) == ("error", "the fork server was lost")
    assert solve(instance, "Polite").status == "feasible"
    assert len(list(tmp_path.iterdir())) == 1


def test_shutting_down_leaves_no_process_and_no_scratch(
    instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher.shut_down()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(watch, "GRACE_S", 0.1)
    assert solve(instance, "LeavesFiles", SHORT_S).status == "timeout"
    (root,) = tmp_path.iterdir()
    assert list(root.iterdir()) == []
    launcher.shut_down()
    assert list(tmp_path.iterdir()) == []


def test_a_fork_server_ends_when_another_takes_its_place_and_its_cells_are_done(
    instance: Instance, tmp_path: Path
) -> None:
    def servers() -> int:
        lines = [" ".join(child.cmdline()) for child in psutil.Process().children()]
        return sum("benchmarks.process.forkserver" in line for line in lines)

    def until_stopped() -> None:
        with contextlib.suppress(watch.Stopped):
            run_cell(instance, f"{HOSTILE}:Slow", {"seconds": 60.0, "diary": str(diary)}, 0, None, None, stop=stop)

    diary, stop = tmp_path / "diary", threading.Event()
    launcher.shut_down()
    busy = threading.Thread(target=until_stopped)
    busy.start()
    assert eventually(diary.exists)
    launcher.prepare(["none"])
    assert servers() == 2
    stop.set()
    busy.join()
    launcher.prepare(["lru"])
    assert servers() == 1


def test_a_solver_cannot_certify_what_it_does_not_promise(instance: Instance) -> None:
    outcome = solve(instance, "Unpromised")
    assert outcome.status == "invalid"
    assert outcome.lower_bound is None
    assert {violation.rule for violation in outcome.violations} == {"claim.capabilities", "claim.status"}


def test_the_proof_of_a_bound_arrives_with_it() -> None:
    instance = sampled("small", 1)
    outcome = run_cell(instance, "lagrangian", {}, 0, 60.0, 4.0)
    assert outcome.solution is not None
    assert outcome.solution.prices is not None
    assert certified_bound(instance, outcome.solution.prices) == pytest.approx(outcome.lower_bound, rel=1e-9)


def test_prices_that_prove_nothing_make_the_answer_invalid(instance: Instance) -> None:
    outcome = solve(instance, "Underpays")
    assert outcome.status == "invalid"
    assert outcome.error == "prices.steps[0][0]: -1; must be >= 0"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"training_cpu_s": "long"}, "training_cpu_s: 'long'; must be a finite number >= 0"),
        ({"training_cpu_s": -1.0}, "training_cpu_s: -1.0; must be a finite number >= 0"),
        ({"environment_steps": 1.5}, "environment_steps: 1.5; must be a whole number >= 0 and < 2**63"),
        ({"environment_steps": 2**63}, "environment_steps: 9223372036854775808; must be a whole number"),
    ],
)
def test_costs_of_learning_that_are_none_are_an_error(instance: Instance, settings: dict[str, Any], words: str) -> None:
    outcome = solve(instance, "Boasts", **settings)
    assert outcome.status == "error"
    assert outcome.error is not None
    assert words in outcome.error


def test_whoever_gets_round_the_check_of_what_it_has_learnt_is_found_out(instance: Instance) -> None:
    outcome = solve(instance, "LiesAboutLearning")
    assert outcome.status == "error"
    assert outcome.error == "sent what is no message: updates: -1; must be a whole number >= 0 and < 2**63"


WRONG = {
    "agent": [None, 7],
    "training_cpu_s": [float("nan"), float("inf"), -0.5, 10**400, "1", True, None],
    "environment_steps": [-1, 2**63, 10**25, 1.0, "1", True, None],
    "updates": [-1, 2**63, 1.0],
    "whole": [1, None, "yes"],
    "traces": [None, b"c"],
    "spent_s": [float("nan"), -1],
    "curve": ["steep", {}],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_record_of_learning_checks_itself(name: str, value: object) -> None:
    fitting = Learnt("a" * 64, 0, 2**63 - 1, 0, False, "c" * 64, 1e300)
    with pytest.raises(ValueError, match=f"^{name}: .*; must be "):
        replace(fitting, **{name: value})  # type: ignore[arg-type]


def test_a_start_reaches_the_solver(instance: Instance) -> None:
    start = cloud(instance)
    outcome = run_cell(instance, f"{HOSTILE}:ReturnsStart", {}, 0, 60.0, 4.0, start=start)
    assert outcome.solution is not None
    assert np.array_equal(outcome.solution.bandwidth, start.bandwidth)
