"""A solver under examination: asked in processes of its own, so that a crash is an answer like any other."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.process.outcome import Outcome
from benchmarks.process.run import run_cell
from problems.instance import Instance, write_instance
from problems.io.errors import InputError
from problems.solution import Solution, read_solution
from solvers.base import Capabilities, NotInstalled
from solvers.registry import composite, find_part, kind_of, make_solver

PARTNER = "exhaustive"
"""The caching strategy with which an allocation strategy is examined."""


@dataclass(frozen=True, eq=False)
class Examinee:
    """A solver by name, with its settings and what it promises."""

    solver: str
    settings: Mapping[str, Any]
    capabilities: Capabilities
    time_limit_s: float
    """For each case."""
    memory_limit_gb: float

    @classmethod
    def named(cls, name: str, settings: Mapping[str, Any], time_limit_s: float, memory_limit_gb: float) -> Examinee:
        """The solver of a name; an allocation strategy alone is paired. Raises InputError."""
        try:
            if composite(name) is None and kind_of(find_part(name)) == "allocation":
                name = f"{PARTNER}+{name}"
            capabilities = make_solver(name, settings).capabilities
        except NotInstalled as error:
            raise not_installed(name, str(error)) from None
        return cls(name, settings, capabilities, time_limit_s, memory_limit_gb)

    def ask(self, instance: Instance, time_limit_s: float | None = None) -> Outcome:
        """Its answer, judged. Raises InputError if a part that it needs is not installed."""
        limit_s = self.time_limit_s if time_limit_s is None else time_limit_s
        outcome = run_cell(instance, self.solver, self.settings, 0, limit_s, self.memory_limit_gb)
        if outcome.status == "not-installed":
            raise not_installed(self.solver, outcome.error or "")
        return outcome

    def ask_elsewhere(self, instance: Instance) -> Solution:
        """Its answer from the command line, in an interpreter started for it. Raises InputError if there is none."""
        with tempfile.TemporaryDirectory() as folder:
            question, answer = Path(folder, "instance.json"), Path(folder, "solution.json")
            write_instance(instance, question)
            command = [sys.executable, "-m", "t2bench.cli.main", "solve", str(question), "--solver", self.solver]
            for key, value in self.settings.items():
                command += ["--set", f"{key}={json.dumps(value)}"]
            command += ["--time-limit", str(self.time_limit_s), "-o", str(answer)]
            subprocess.run(command, capture_output=True, check=False)
            return read_solution(answer, instance)

    def exact_for(self, instance: Instance) -> bool:
        """Whether it promises a proof of optimality."""
        promised = self.capabilities
        return promised.exact_with_deadline if instance.system.couples_budgets else promised.exact


def not_installed(solver: str, what: str) -> InputError:
    """The complaint that a part is missing."""
    return InputError(f"solver {solver}: not installed: {what}")
