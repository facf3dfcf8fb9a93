"""One cell of a solver that harms, lies or ends badly, and what becomes of its processes."""

from __future__ import annotations

from typing import Any

import psutil

from benchmarks.process.outcome import Outcome
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell
from problems.instance import Instance
from problems.judge import judge
from tests.benchmarks.hostile import cloud
from tests.benchmarks.runs import eventually
from tests.places import BURNERS, HOSTILE

SHORT_S, MEMORY_GB = 0.3, 0.5
CPU_LIMIT_S, PATIENCE_S = 0.7, 300.0
BURNT = "s of processor time; the CPU limit is 0.7 s"


def solve(instance: Instance, name: str, limit_s: float | None = 30.0, **settings: Any) -> Outcome:
    """The outcome of a hostile solver, by the name of its class, under limits."""
    return run_cell(
        Request(instance, f"{HOSTILE}:{name}", settings, time_limit_s=limit_s, memory_limit_gb=MEMORY_GB),
    )


def burn(instance: Instance, name: str, **settings: Any) -> Outcome:
    """The outcome of a solver that uses up processor time, by the name of its class, under a limit of that."""
    asked = Request(instance, f"{BURNERS}:{name}", settings, time_limit_s=PATIENCE_S, cpu_limit_s=CPU_LIMIT_S)
    return run_cell(asked)


def assert_burnt(outcome: Outcome, instance: Instance) -> None:
    """The limit of processor time has ended it, and what it had streamed is there."""
    assert outcome.status == "timeout"
    assert outcome.error is not None
    assert BURNT in outcome.error
    assert outcome.verdict == judge(instance, cloud(instance))
    assert outcome.solution is not None
    assert outcome.cpu_s is not None
    assert outcome.cpu_s >= CPU_LIMIT_S


def eventually_gone(pids: list[int]) -> bool:
    """Whether all these processes are dead before long."""
    return eventually(lambda: not any(map(_alive, pids)))


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
