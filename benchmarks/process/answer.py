"""Asking a solver: it is made, called and timed, and all that it finds or fails with becomes a message."""

from __future__ import annotations

import contextlib
import random
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks.machine.micro_solve import micro_solve_s
from benchmarks.machine.provenance import threads_in_effect
from benchmarks.machine.solve_clock import SolveClock
from benchmarks.process.messages import Kind, Message, NotASolution, decisions, proof
from benchmarks.process.request import Request
from benchmarks.process.user_code import place_in, user_files
from problems.instance import Instance
from problems.prices import Prices
from problems.solution import Solution
from solvers.base import Budget, Learnt, NotInstalled, Solver, Unsuitable
from solvers.registry import make_solver

MAX_TRACEBACK = 100_000
"""Characters of a traceback that are kept, the last ones."""


class Reporter:
    """The report of a running solver: every call, from any thread, sends one message."""

    def __init__(self, instance: Instance, send: Callable[[Message], None]) -> None:
        self._instance = instance
        self._send = send
        self._lock = threading.Lock()
        self.started = time.monotonic()
        """When the solver was called."""

    def incumbent(self, solution: Solution) -> None:
        """Stream a feasible solution. Raises NotASolution for what is none."""
        self.send("incumbent", {}, decisions(solution, self._instance))

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """Stream a lower bound. Raises NotASolution for prices that are none."""
        self.send("bound", {"value": float(value)}, proof(prices, self._instance))

    def learnt(self, record: Learnt) -> None:
        """Stream what an agent has cost."""
        self.send("learnt", asdict(record))

    def send(
        self,
        kind: Kind,
        content: dict[str, Any],
        arrays: dict[str, np.ndarray] | None = None,
        seconds: float | None = None,
    ) -> None:
        """Send one message; ``seconds``: since the solver was called, by default until now."""
        elapsed = time.monotonic() - self.started if seconds is None else seconds
        with self._lock:
            self._send(Message(kind, elapsed, content, arrays or {}))


class Answer:
    """One request, answered with messages; what the solver raises goes through, for :meth:`failed` to tell."""

    def __init__(self, request: Request, send: Callable[[Message], None]) -> None:
        self._request = request
        self._reporter = Reporter(request.instance, send)
        self._solver: Solver | None = None

    def solve(self, solver: Solver | None = None) -> None:
        """Call the solver that the request names, or ``solver``, which bears that name, and send its answer."""
        asked, reporter = self._request, self._reporter
        self._solver = solver = solver or make_solver(asked.solver, asked.settings)
        capabilities = solver.capabilities
        promises = {"exact": capabilities.exact, "gives_bound": capabilities.gives_bound}
        around = {"micro_solve_s": micro_solve_s(), "threads": threads_in_effect()}
        reporter.send("start", {"tier": capabilities.tier, **promises, **around})
        clock = SolveClock.now()
        reporter.started = clock.wall_s
        budget = Budget(asked.time_limit_s, asked.memory_limit_gb, asked.seed, asked.start)
        solution = solver.solve(asked.instance, budget, reporter)
        used = clock.used()
        arrays = decisions(solution, asked.instance) | proof(solution.prices, asked.instance)
        claims = {"status": solution.status, "lower_bound": _number(solution.lower_bound)}
        claims |= {"objective": _number(solution.objective), "micro_solve_s": micro_solve_s()}
        reporter.send("solution", claims | used, arrays, used["solve_s"])

    def failed(self, error: BaseException) -> str | None:
        """Send what ended the solve; returns its traceback where it is no orderly end."""
        solve_s = time.monotonic() - self._reporter.started
        cause, text = _cause(error)
        trace = None
        if cause in ("error", "memory"):
            trace = "".join(traceback.format_exception(error))[-MAX_TRACEBACK:]
            place = place_in(error, user_files(self._request.solver, self._solver))
            text = text if place is None else f"{text} ({place})"
        self._reporter.send("failure", {"cause": cause, "text": text, "traceback": trace, "solve_s": solve_s})
        return trace


@contextlib.contextmanager
def global_seed(seed: int) -> Iterator[None]:
    """Fix the global generators too, for a while: a solver that draws from them repeats itself all the same."""
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 - the global generator is the point
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002


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
