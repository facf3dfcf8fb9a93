"""A solver in a process of its own, which says what it finds while it runs.

``python -m solvers.programme.rival`` is that process: it takes a :class:`Task` from its standard input, writes
messages to its standard output, and ends when nobody listens any more.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal

from problems.instance import Instance
from problems.prices import Prices
from problems.solution import Solution
from solvers.base import Budget, NotInstalled, Silent, Unsuitable
from solvers.registry import make_solver

DIE_WITH_PARENT = 1
"""Linux's number for prctl's PR_SET_PDEATHSIG."""

Message = tuple[Literal["incumbent", "answer"], Solution] | tuple[Literal["bound"], float, Prices | None]


@dataclass(frozen=True, eq=False)
class Task:
    """What to solve, with what is left of a budget."""

    solver: str
    instance: Instance
    time_limit_s: float | None
    memory_limit_gb: float | None
    seed: int
    start: Solution | None


class Rival:
    """The starter's end. Use as a context: the process is gone at its end."""

    def __init__(self, solver: str) -> None:
        path = os.pathsep.join([entry or os.getcwd() for entry in sys.path])
        self.solver = solver
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "solvers.programme.rival"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asks = Connection(os.dup(self._process.stdin.fileno()), readable=False)
        self.says = Connection(os.dup(self._process.stdout.fileno()), writable=False)
        self._process.stdin.close()
        self._process.stdout.close()

    def __enter__(self) -> Rival:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._asks.close()
        self.says.close()

    def ask(self, task: Task) -> None:
        """Let it begin. One that has died is found out when it is listened to."""
        with contextlib.suppress(BrokenPipeError):
            self._asks.send(task)

    def next(self) -> Message | None:
        """What it says next, waiting for it; None where it has nothing to say any more."""
        try:
            message: Message = self.says.recv()
        except (EOFError, ConnectionError):
            return None
        return message


class _Messenger(Silent):
    """The report of the solver in the process."""

    def __init__(self, says: Connection) -> None:
        self._says = says

    def incumbent(self, solution: Solution) -> None:
        self._says.send(("incumbent", solution))

    def bound(self, value: float, prices: Prices | None = None) -> None:
        self._says.send(("bound", float(value), prices))


def main() -> None:
    """Solve what is asked for."""
    _die_with_parent()
    asks, says = Connection(os.dup(0), writable=False), Connection(os.dup(1), readable=False)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    with contextlib.suppress(EOFError, ConnectionError, NotInstalled, Unsuitable):
        task: Task = asks.recv()
        threading.Thread(target=_leave_when_alone, args=(asks,), daemon=True).start()
        budget = Budget(task.time_limit_s, task.memory_limit_gb, task.seed, task.start)
        says.send(("answer", make_solver(task.solver).solve(task.instance, budget, _Messenger(says))))


def _die_with_parent() -> None:
    """Ask the kernel to; a library may hold the interpreter too long for the thread that waits for the end of input."""
    if sys.platform == "linux":
        prctl: Any = ctypes.CDLL(None).prctl
        prctl(DIE_WITH_PARENT, signal.SIGKILL)


def _leave_when_alone(asks: Connection) -> None:
    with contextlib.suppress(EOFError, ConnectionError):
        asks.recv()
    os._exit(1)


if __name__ == "__main__":
    main()
