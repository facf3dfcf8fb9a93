"""A solver in a process of its own: what it says, and that it ends with whoever waits for it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import psutil

from problems.judge import judge
from solvers.programme.rival import Rival, Task
from tests.cases import sampled
from tests.places import ROOT
from tests.solvers.support import cost_of

SLOW_START_S = 20.0
"""What starting a process may take on a busy machine."""
WAITING = """
from solvers.base import Budget, Silent
from solvers.registry import make_solver
from tests.cases import sampled
make_solver("portfolio", {"head_start_s": 0.0}).solve(sampled("metro"), Budget(300.0), Silent())
"""


def test_it_says_what_it_finds_and_is_gone_at_the_end() -> None:
    instance, begun = sampled("tiny"), psutil.Process().children()
    optimum, found = cost_of("exhaustive", instance), []
    with Rival("milp") as rival:
        rival.ask(Task("milp", instance, None, None, 0, None))
        while (message := rival.next()) is not None:
            found.append(message)
    bounds = [message[1] for message in found if message[0] == "bound"]
    answers = [message[1] for message in found if message[0] != "bound"]
    assert found[-1][0] == "answer"
    assert judge(instance, answers[-1]).cost * (1 - 1e-6) <= optimum
    assert bounds == sorted(bounds)
    assert max(bounds) <= optimum * (1 + 1e-9)
    assert psutil.Process().children() == begun


def test_one_that_refuses_the_instance_or_dies_has_nothing_to_say() -> None:
    with Rival("exhaustive") as rival:
        rival.ask(Task("exhaustive", sampled("metro"), None, None, 0, None))
        assert rival.next() is None
        rival.ask(Task("exhaustive", sampled("tiny"), None, None, 0, None))


def test_nobody_outlives_the_one_who_waits() -> None:
    waiting = subprocess.Popen([sys.executable, "-c", WAITING], cwd=ROOT)
    rivals: list[psutil.Process] = []
    ends = time.monotonic() + 3 * SLOW_START_S
    while len(rivals) < 2 and time.monotonic() < ends:
        time.sleep(0.2)
        rivals = psutil.Process(waiting.pid).children(recursive=True)
    assert len(rivals) >= 2
    os.kill(waiting.pid, signal.SIGKILL)
    waiting.wait()
    assert psutil.wait_procs(rivals, timeout=SLOW_START_S)[1] == []
