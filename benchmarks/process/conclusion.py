"""From what a cell said and how its process ended to its outcome."""

from __future__ import annotations

import math
import signal as signals
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.process.outcome import CellStatus, Outcome
from benchmarks.process.transcript import Transcript
from problems.instance import Instance
from problems.judge import Verdict, Violation, bound_holds, check_claims, proves_optimal
from problems.solution import Solution
from problems.status import Status

MAX_VIOLATIONS = 20
"""Of more violations, the rest is counted."""

_OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "Cannot allocate memory", "out of memory")
_TRIED_NOT: tuple[CellStatus, ...] = ("not-installed", "skipped")
_SIGNED_AS: dict[CellStatus, Status] = {
    "optimal": "optimal",
    "feasible": "feasible",
    "infeasible-claim": "infeasible",
    "timeout": "timeout",
    "memory": "memory",
}


@dataclass(frozen=True)
class Ending:
    """How the process of a cell ended, as its supervisor saw it."""

    cause: Literal["exit", "time", "memory", "garbled", "lost"]
    """By itself; killed at a limit or for talking nonsense; never started or lost."""
    text: str | None = None
    """The cause in words; None for an exit."""
    exit_code: int | None = None
    signal: int | None = None
    stderr_tail: str = ""
    ran_s: float | None = None
    """Wall seconds from the call of the solver to the end; None if it was never called."""
    cpu_s: float | None = None
    """Processor seconds of the process and of those it waited for; under a CPU limit of all its processes, as last
    seen, if that is more."""
    peak_memory_gb: float | None = None


def conclude(instance: Instance, solver: str, said: Transcript, ending: Ending) -> Outcome:
    """The outcome of a cell: no claim in it that the judge has not checked."""
    status, error = _status(said, ending)
    answer = said.returned or said.incumbent
    false = _false_claims(instance, said)
    if false and status not in ("infeasible-claim", *_TRIED_NOT):
        status = "invalid"
    bound = said.bound if said.bound is not None and math.isfinite(said.bound) else None
    if bound is not None and answer is not None and answer[1].feasible and not false:
        bound = min(bound, answer[1].cost)  # a true bound may be above by the last bits of a sum
    if status == "feasible" and answer is not None and proves_optimal(answer[1].cost, bound):
        status = "optimal"
    return Outcome(
        status=status,
        solution=None if answer is None else _signed(*answer, instance, solver, said, bound, status),
        verdict=None if answer is None else answer[1],
        violations=_cut(false),
        error=error,
        stderr_tail=ending.stderr_tail,
        exit_code=ending.exit_code,
        signal=ending.signal,
        tier=said.tier,
        exact=said.exact,
        solve_s=ending.ran_s if said.solve_s is None else said.solve_s,
        cpu_s=ending.cpu_s if said.cpu_s is None else said.cpu_s,
        peak_memory_gb=ending.peak_memory_gb,
        lower_bound=bound,
        prices=said.prices,
        events=tuple(said.events),
        learnt=tuple(said.learnt),
        micro_solve_s=min(said.micro_solves_s, default=None),
        stalled_s=said.stalled_s,
        waited_s=said.waited_s,
        threads=said.threads,
    )


def _status(said: Transcript, ending: Ending) -> tuple[CellStatus, str | None]:
    """The status before the claims are checked, and its reason."""
    if said.failure is not None:
        return _failed(*said.failure)
    match said.claimed:
        case "infeasible":
            return "infeasible-claim", "claims that no solution exists; the cloud alone is always one"
        case "timeout" | "memory" | "error" as claimed:
            return claimed, f"the solver itself returned with status {claimed}"
        case "optimal" | "feasible" as claimed:
            return claimed if said.returned or said.incumbent else "bound-only", None
    match ending.cause:
        case "time":
            return "timeout", ending.text
        case "memory":
            return "memory", ending.text
        case "garbled" | "lost":
            return "error", ending.text
    if ending.signal is None:
        return "crash", f"ended without an answer, with exit code {ending.exit_code}"
    text = f"killed by {_signal_name(ending.signal)}"
    if ending.signal == signals.SIGABRT and any(words in ending.stderr_tail for words in _OUT_OF_MEMORY):
        return "memory", f"{text} after an allocation was refused"
    if ending.signal == signals.SIGKILL:
        text += " from outside; perhaps the machine ran out of memory"
    return "crash", text


def _failed(cause: str, text: str) -> tuple[CellStatus, str]:
    match cause:
        case "memory" | "invalid" | "not-installed" | "skipped":
            return cause, text
    return "error", text


def _signal_name(number: int) -> str:
    try:
        return signals.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _false_claims(instance: Instance, said: Transcript) -> list[Violation]:
    """Broken rules of the returned solution and every claim that is not so."""
    false = list(said.false)
    bound = said.bound
    if bound == math.inf:
        false.append(Violation("claim.lower_bound", "lower_bound", None, "claims that no solution has a finite cost"))
    if said.returned is not None:
        solution, verdict = said.returned
        claims = replace(solution, lower_bound=bound, instance_sha256=instance.sha256)
        false += [*verdict.violations, *check_claims(instance, claims, verdict)]
    if said.incumbent is not None and bound is not None and not bound_holds(bound, said.incumbent[1].cost):
        cost = said.incumbent[1].cost
        message = f"claims that no cost is below {bound!r}; a streamed incumbent's is {cost!r}"
        false.append(Violation("claim.lower_bound", "lower_bound", bound - cost, message))
    return false


def _signed(
    solution: Solution,
    verdict: Verdict,
    instance: Instance,
    solver: str,
    said: Transcript,
    bound: float | None,
    status: CellStatus,
) -> Solution:
    signed_as = _SIGNED_AS.get(status, "error")
    if status == "invalid" and said.claimed is not None:
        signed_as = said.claimed
    cost = verdict.cost if math.isfinite(verdict.cost) else None
    claims = replace(solution, lower_bound=bound, status=signed_as, prices=said.prices)
    return claims.signed(instance, solver, said.tier or "", cost)


def _cut(violations: Sequence[Violation]) -> tuple[Violation, ...]:
    if len(violations) <= MAX_VIOLATIONS:
        return tuple(violations)
    rest = len(violations) - MAX_VIOLATIONS
    return (*violations[:MAX_VIOLATIONS], Violation("more", "", float(rest), f"and {rest} more"))
