"""From what a cell said and how its process ended to its outcome."""

from __future__ import annotations

import math
import signal as signals
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from benchmarks.process.outcome import NOT_TRIED, CellStatus, Outcome
from benchmarks.process.transcript import Failure, Transcript
from problems.instance import Instance
from problems.judge import Verdict, Violation, bound_holds, check_claims, proves_optimal
from problems.solution import Solution
from problems.status import Status

MAX_VIOLATIONS = 20
"""Of more violations, the rest is counted."""

_OUT_OF_MEMORY = ("bad_alloc", "MemoryError", "Cannot allocate memory", "out of memory")
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


def conclude(instance: Instance, solver: str, transcript: Transcript, ending: Ending) -> Outcome:
    """The outcome of a cell: no claim in it that the judge has not checked."""
    status, error = _status(transcript, ending)
    answer = transcript.returned or transcript.incumbent
    false = _false_claims(instance, transcript)
    if false and status not in ("infeasible-claim", *NOT_TRIED):
        status = "invalid"
    bound = transcript.bound if transcript.bound is not None and math.isfinite(transcript.bound) else None
    if bound is not None and answer is not None and answer[1].feasible and not false:
        bound = min(bound, answer[1].cost)  # a true bound may be above by the last bits of a sum
    if status == "feasible" and answer is not None and proves_optimal(answer[1].cost, bound):
        status = "optimal"
    return Outcome(
        status=status,
        solution=None if answer is None else _signed(*answer, instance, solver, transcript, bound, status),
        verdict=None if answer is None else answer[1],
        violations=_cut(false),
        error=error,
        stderr_tail=ending.stderr_tail,
        exit_code=ending.exit_code,
        signal=ending.signal,
        tier=transcript.tier,
        exact=transcript.exact,
        solve_s=ending.ran_s if transcript.solve_s is None else transcript.solve_s,
        cpu_s=ending.cpu_s if transcript.cpu_s is None else transcript.cpu_s,
        peak_memory_gb=ending.peak_memory_gb,
        lower_bound=bound,
        prices=transcript.prices,
        events=tuple(transcript.events),
        learnt=tuple(transcript.learnt),
        micro_solve_s=min(transcript.micro_solves_s, default=None),
        stalled_s=transcript.stalled_s,
        waited_s=transcript.waited_s,
        threads=transcript.threads,
        traceback=None if transcript.failure is None else transcript.failure.traceback,
    )


def lost(instance: Instance, solver: str, reason: str) -> Outcome:
    """The outcome of a cell whose process never started or never came back."""
    return conclude(instance, solver, Transcript(instance), Ending("lost", reason))


def _status(transcript: Transcript, ending: Ending) -> tuple[CellStatus, str | None]:
    """The status before the claims are checked, and its reason."""
    if transcript.failure is not None:
        return _failed(transcript.failure)
    match transcript.claimed:
        case "infeasible":
            return "infeasible-claim", "claims that no solution exists; the cloud alone is always one"
        case "timeout" | "memory" | "error" as claimed:
            return claimed, f"the solver itself returned with status {claimed}"
        case "optimal" | "feasible" as claimed:
            return claimed if transcript.returned or transcript.incumbent else "bound-only", None
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


def _failed(failure: Failure) -> tuple[CellStatus, str]:
    match failure.cause:
        case "memory" | "invalid" | "not-installed" | "skipped" as cause:
            return cause, failure.text
    return "error", failure.text


def _signal_name(number: int) -> str:
    try:
        return signals.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _false_claims(instance: Instance, transcript: Transcript) -> list[Violation]:
    """Broken rules of the returned solution and every claim that is not so."""
    false = list(transcript.false)
    bound = transcript.bound
    if bound == math.inf:
        false.append(Violation("claim.lower_bound", "lower_bound", None, "claims that no solution has a finite cost"))
    if transcript.returned is not None:
        solution, verdict = transcript.returned
        claims = replace(solution, lower_bound=bound, instance_sha256=instance.sha256)
        false += [*verdict.violations, *check_claims(instance, claims, verdict)]
    if transcript.incumbent is not None and bound is not None and not bound_holds(bound, transcript.incumbent[1].cost):
        cost = transcript.incumbent[1].cost
        message = f"claims that no cost is below {bound!r}; a streamed incumbent's is {cost!r}"
        false.append(Violation("claim.lower_bound", "lower_bound", bound - cost, message))
    return false


def _signed(
    solution: Solution,
    verdict: Verdict,
    instance: Instance,
    solver: str,
    transcript: Transcript,
    bound: float | None,
    status: CellStatus,
) -> Solution:
    signed_as = _SIGNED_AS.get(status, "error")
    if status == "invalid" and transcript.claimed is not None:
        signed_as = transcript.claimed
    cost = verdict.cost if math.isfinite(verdict.cost) else None
    claims = replace(solution, lower_bound=bound, status=signed_as, prices=transcript.prices)
    return claims.signed(instance, solver, transcript.tier or "", cost)


def _cut(violations: Sequence[Violation]) -> tuple[Violation, ...]:
    if len(violations) <= MAX_VIOLATIONS:
        return tuple(violations)
    rest = len(violations) - MAX_VIOLATIONS
    return (*violations[:MAX_VIOLATIONS], Violation("more", "", float(rest), f"and {rest} more"))
