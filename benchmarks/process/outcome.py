"""How a cell ended and what its answer is worth: the judge's words, never the solver's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, NamedTuple, get_args

from problems.certificates.bound import Prices
from problems.judge import Verdict, Violation, proves_optimal
from problems.solution import Solution
from problems.status import Tier
from solvers.base import Learnt

CellStatus = Literal[
    "optimal",
    "feasible",
    "timeout",
    "memory",
    "bound-only",
    "infeasible-claim",
    "crash",
    "error",
    "invalid",
    "skipped",
    "not-installed",
]
STATUSES: tuple[CellStatus, ...] = get_args(CellStatus)
"""In the order in which tables count them."""
COMPLETE: tuple[CellStatus, ...] = ("optimal", "feasible")
"""The solver ended by itself with a feasible solution."""
LIMITED: tuple[CellStatus, ...] = ("timeout", "memory")
"""A limit ended it; its last streamed solution, if any, was judged."""
NOT_TRIED: tuple[CellStatus, ...] = ("skipped", "not-installed")
"""The solver does not take the instance, or a part of it is not installed."""
FAILED: frozenset[CellStatus] = frozenset(("infeasible-claim", *LIMITED, "crash", "error", "invalid"))
"""The statuses that make ``t2bench run`` exit with 1."""
MAY_BREAK_RULES: tuple[CellStatus, ...] = ("invalid", "infeasible-claim")
"""The statuses of cells whose solution may be infeasible."""


class Rank(IntEnum):
    """How well a cell ended, the better the higher."""

    FAILED = 0
    NOT_TRIED = 1
    BOUND = 2
    """A lower bound alone."""
    ANSWERED_AT_LIMIT = 3
    ANSWERED = 4
    PROVED = 5


def is_number(value: float | None) -> bool:
    """Whether a column holds a finite number here."""
    return value is not None and math.isfinite(value)


def is_answer(status: str, cost: float | None) -> bool:
    """Whether a cell has a feasible answer, whose judged cost this is."""
    return (status in COMPLETE and is_number(cost)) or answered_at_limit(status, cost)


def answered_at_limit(status: str, cost: float | None) -> bool:
    """Whether a limit ended a cell that had streamed an answer by then, whose judged cost this is."""
    return status in LIMITED and is_number(cost)


def has_failed(status: str, cost: float | None) -> bool:
    """Whether a cell failed; one that a limit ended with an answer, whose judged cost this is, has not."""
    return status in FAILED and not answered_at_limit(status, cost)


def rank(status: str, cost: float | None) -> Rank:
    """How well a cell of this status ended, whose judged cost this is."""
    if status in COMPLETE:
        return Rank.PROVED if status == "optimal" else Rank.ANSWERED
    if answered_at_limit(status, cost):
        return Rank.ANSWERED_AT_LIMIT
    if status == "bound-only":
        return Rank.BOUND
    return Rank.NOT_TRIED if status in NOT_TRIED else Rank.FAILED


class Event(NamedTuple):
    """A step of the anytime curve."""

    seconds: float
    """Since the solver was called."""
    kind: Literal["cost", "bound"]
    value: float
    """The judged cost of an incumbent, or a claimed lower bound."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one cell gave. Cost and metrics come from the judge, whatever the solver says."""

    status: CellStatus
    solution: Solution | None
    """Signed: the returned solution or, where nothing was returned, the best streamed one."""
    verdict: Verdict | None
    """Of ``solution``."""
    violations: tuple[Violation, ...]
    """Broken rules and false claims, the first few and a count of the rest."""
    error: str | None
    """What went wrong, or why the solver did not try."""
    stderr_tail: str
    exit_code: int | None
    signal: int | None
    """The signal that ended the process, of its own doing or at a limit."""
    tier: Tier | None
    """What the solver's capabilities say; None if it could not be made."""
    exact: bool | None
    """As ``tier``; no deadline coupling the budgets."""
    solve_s: float | None
    """Wall seconds inside ``Solver.solve``."""
    cpu_s: float | None
    """Processor seconds, those of processes that the solver waited for included."""
    peak_memory_gb: float | None
    """Resident memory of all processes of the cell, shared libraries included."""
    lower_bound: float | None
    """The highest claimed bound."""
    events: tuple[Event, ...]
    prices: Prices | None = None
    """What proves the bound or the most of it; also in ``solution``."""
    learnt: tuple[Learnt, ...] = ()
    """What each agent that it made use of has cost."""
    micro_solve_s: float | None = None
    """Processor seconds of a small fixed computation in the cell's process, the faster of just before and just after
    the solve; None if it never ran."""
    stalled_s: float | None = None
    """Seconds of the solve in which work on the machine, its own or other's, waited for a processor; None if it did
    not return or the system does not say."""
    waited_s: float | None = None
    """Seconds of the solve in which its own thread was ready to run and had no processor; None if it did not return,
    if the system does not say, or if other threads or processes did part of the work."""
    threads: dict[str, int | str | None] | None = None
    """How many threads libraries could have; None if the solver was never called."""

    @property
    def failed(self) -> bool:
        """Whether the status is one of ``FAILED``."""
        return self.status in FAILED

    @property
    def proved(self) -> bool:
        """Whether the solution is feasible and the bound certifies its cost."""
        verdict = self.verdict
        return verdict is not None and verdict.feasible and proves_optimal(verdict.cost, self.lower_bound)
