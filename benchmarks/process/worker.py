"""What the process of a cell does: bind itself to its limits, solve, and stream what it finds."""

from __future__ import annotations

import faulthandler
import io
import os
import pickle
import random
import socket
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from benchmarks.machine import limits
from benchmarks.machine.micro_solve import micro_solve_s
from benchmarks.machine.provenance import threads_in_effect
from benchmarks.machine.solve_clock import SolveClock
from benchmarks.process.messages import Kind, Message, NotASolution, decisions, encode, proof
from problems.instance import Instance
from problems.prices import Prices
from problems.solution import Solution
from solvers.base import Budget, Learnt, NotInstalled, Unsuitable
from solvers.registry import make_solver


@dataclass(frozen=True, eq=False)
class Request:
    """One solve: what the process of a cell is asked to do."""

    instance: Instance
    solver: str
    settings: dict[str, Any]
    seed: int
    time_limit_s: float | None
    memory_limit_gb: float | None
    cpu_limit_s: float | None
    folder: str
    """Where relative paths in settings start."""
    start: Solution | None = None
    """What to improve on."""


def work(server: int, stream: int, log: int, request: int, scratch: Path) -> NoReturn:
    """Answer the pickled request in the file ``request`` on the socket ``stream``; output goes to ``log``."""
    os.setsid()
    limits.die_with_parent(server)
    limits.adopt_orphans()
    limits.die_first()
    _redirect(log, scratch)
    with open(request, "rb") as file:
        file.seek(0)
        asked: Request = pickle.load(file)
    os.chdir(asked.folder)
    _seed(asked.seed)
    limits.limit_memory(asked.memory_limit_gb)
    limits.limit_cpu(asked.cpu_limit_s)
    _answer(asked, _Stream(socket.socket(fileno=stream), asked.instance))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _redirect(log: int, scratch: Path) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    for file, standard in ((null, 0), (log, 1), (log, 2)):
        os.dup2(file, standard)
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)
    faulthandler.enable(sys.stderr)
    scratch.mkdir()
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)


def _seed(seed: int) -> None:
    """Fix the global generators too: a solver that draws from them repeats itself all the same."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the global generator is the point


class _Stream:
    """The solver's report: every call becomes a message."""

    def __init__(self, stream: socket.socket, instance: Instance) -> None:
        self._stream = stream
        self._instance = instance
        self._lock = threading.Lock()
        self.started = time.monotonic()

    def incumbent(self, solution: Solution) -> None:
        """Stream a feasible solution. Raises NotASolution for what is none."""
        self.say("incumbent", {}, decisions(solution, self._instance))

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """Stream a lower bound. Raises NotASolution for prices that are none."""
        self.say("bound", {"value": float(value)}, proof(prices, self._instance))

    def learnt(self, record: Learnt) -> None:
        """Stream what an agent has cost."""
        self.say("learnt", asdict(record))

    def say(
        self,
        kind: Kind,
        content: dict[str, Any],
        arrays: dict[str, np.ndarray] | None = None,
        seconds: float | None = None,
    ) -> None:
        """Send one message, whole, from any thread; ``seconds``: since the solver was called, by default until now."""
        elapsed = time.monotonic() - self.started if seconds is None else seconds
        data = encode(Message(kind, elapsed, content, arrays or {}))
        with self._lock:
            self._stream.sendall(data)


def _answer(asked: Request, stream: _Stream) -> None:
    try:
        solver = make_solver(asked.solver, asked.settings)
        capabilities = solver.capabilities
        promises = {"exact": capabilities.exact, "gives_bound": capabilities.gives_bound}
        around = {"micro_solve_s": micro_solve_s(), "threads": threads_in_effect()}
        stream.say("start", {"tier": capabilities.tier, **promises, **around})
        clock = SolveClock.now()
        stream.started = clock.wall_s
        budget = Budget(asked.time_limit_s, asked.memory_limit_gb, asked.seed, asked.start)
        solution = solver.solve(asked.instance, budget, stream)
        used = clock.used()
        arrays = decisions(solution, asked.instance) | proof(solution.prices, asked.instance)
        claims = {"status": solution.status, "lower_bound": _number(solution.lower_bound)}
        claims |= {"objective": _number(solution.objective), "micro_solve_s": micro_solve_s()}
        stream.say("solution", claims | used, arrays, used["solve_s"])
    except BaseException as error:
        limits.lift_memory_limit()
        cause, text = _cause(error)
        if cause in ("error", "memory"):
            traceback.print_exc()
        stream.say("failure", {"cause": cause, "text": text, "solve_s": time.monotonic() - stream.started})


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _cause(error: BaseException) -> tuple[str, str]:
    """What the exception amounts to, and its words on one line."""
    words = " ".join(str(error).split())
    match error:
        case Unsuitable():
            return "skipped", words
        case NotInstalled():
            return "not-installed", words
        case NotASolution():
            return "invalid", words
        case MemoryError():
            return "memory", f"MemoryError: {words}".rstrip(": ")
    return "error", f"{type(error).__name__}: {words}".rstrip(": ")
