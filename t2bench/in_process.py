"""Asking a solver in this process: what a cell's process says through a pipe is heard here at once."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks.machine.compiling import compiling_announced
from benchmarks.machine.micro_solve import micro_solve_s
from benchmarks.machine.provenance import threads_in_effect
from benchmarks.machine.solve_clock import SolveClock
from benchmarks.process.conclusion import Ending, conclude
from benchmarks.process.messages import Kind, Message, decisions, proof
from benchmarks.process.outcome import Outcome
from benchmarks.process.transcript import Transcript
from problems.instance import Instance
from problems.prices import Prices
from problems.solution import Solution
from solvers.base import Budget, Solver
from solvers.learnt import Learnt


def solve_here(instance: Instance, title: str, solver: Solver, seed: int, start: Solution | None) -> Outcome:
    """The outcome of a solve without limits, signed with ``title``; what the solver raises is raised."""
    transcript = Transcript(instance)
    reporter = _Reporter(instance, transcript)
    capabilities = solver.capabilities
    promises = {"tier": capabilities.tier, "exact": capabilities.exact, "gives_bound": capabilities.gives_bound}
    reporter.say("start", {**promises, "micro_solve_s": micro_solve_s(), "threads": threads_in_effect()})
    with compiling_announced():
        clock = SolveClock.now()
        reporter.started = clock.wall_s
        solution = solver.solve(instance, Budget(seed=seed, start=start), reporter)
        used = clock.used()
    arrays = decisions(solution, instance) | proof(solution.prices, instance)
    claims = {"status": solution.status, "lower_bound": solution.lower_bound, "objective": solution.objective}
    reporter.say("solution", {**claims, "micro_solve_s": micro_solve_s(), **used}, arrays)
    return conclude(instance, title, transcript, Ending("exit"))


class _Reporter:
    """The report of the running solver."""

    def __init__(self, instance: Instance, transcript: Transcript) -> None:
        self._instance = instance
        self._transcript = transcript
        self.started = time.monotonic()

    def incumbent(self, solution: Solution) -> None:
        """Take in a feasible solution."""
        self.say("incumbent", {}, decisions(solution, self._instance))

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """Take in a lower bound."""
        self.say("bound", {"value": float(value)}, proof(prices, self._instance))

    def learnt(self, record: Learnt) -> None:
        """Take in what an agent has cost."""
        self.say("learnt", asdict(record))

    def say(self, kind: Kind, content: dict[str, Any], arrays: dict[str, np.ndarray] | None = None) -> None:
        """Take in one message."""
        self._transcript.hear(Message(kind, time.monotonic() - self.started, content, arrays or {}))
