"""A solver under examination: asked in processes of its own, so that a crash is an answer like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.process import launcher
from benchmarks.process.outcome import Outcome
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell
from benchmarks.process.user_code import complaints_placed
from problems.instance import Instance
from problems.io.errors import InputError
from solvers.base import Capabilities, NotInstalled
from solvers.registry import composite, find_part, kind_of, make_solver

PARTNER = "exhaustive"
"""The caching strategy with which an allocation strategy is examined."""

Progress = Callable[[str, str], None]
"""Called with the name of a check and that of an instance, before the solver is asked."""


def unseen(check: str, instance: str) -> None:
    """A progress that nobody looks at."""


@dataclass(frozen=True, eq=False)
class Examinee:
    """A solver by name, with its settings and what it promises."""

    solver: str
    settings: Mapping[str, Any]
    capabilities: Capabilities
    time_limit_s: float
    """For each case."""
    memory_limit_gb: float
    progress: Progress = unseen

    @classmethod
    def named(
        cls,
        name: str,
        settings: Mapping[str, Any],
        time_limit_s: float,
        memory_limit_gb: float,
        progress: Progress = unseen,
    ) -> Examinee:
        """The solver of a name; an allocation strategy alone is paired. Raises InputError."""
        try:
            with complaints_placed(name):
                if composite(name) is None and kind_of(find_part(name)) == "allocation":
                    name = f"{PARTNER}+{name}"
                capabilities = make_solver(name, settings).capabilities
        except NotInstalled as error:
            raise not_installed(name, str(error)) from None
        return cls(name, settings, capabilities, time_limit_s, memory_limit_gb, progress)

    def ask(self, check: str, instance: Instance, time_limit_s: float | None = None) -> Outcome:
        """Its answer, judged, for a check of this name. Raises InputError if a part that it needs is not installed."""
        self.progress(check, instance.name)
        limit_s = self.time_limit_s if time_limit_s is None else time_limit_s
        asked = Request(
            instance, self.solver, self.settings, time_limit_s=limit_s, memory_limit_gb=self.memory_limit_gb
        )
        outcome = run_cell(asked)
        if outcome.status == "not-installed":
            raise not_installed(self.solver, outcome.error or "")
        return outcome

    def ask_elsewhere(self, check: str, instance: Instance) -> Outcome:
        """As :meth:`ask`, but of an interpreter started for it."""
        launcher.renew([self.solver])
        return self.ask(check, instance)

    def exact_for(self, instance: Instance) -> bool:
        """Whether it promises a proof of optimality."""
        promised = self.capabilities
        return promised.exact_with_deadline if instance.system.couples_budgets else promised.exact


def not_installed(solver: str, what: str) -> InputError:
    """The complaint that a part is missing."""
    return InputError(f"solver {solver}: not installed: {what}")
