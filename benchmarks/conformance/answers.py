"""Checks of single answers: each looks at what the solver said on every case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.conformance.cases import Case, certified_optimum
from benchmarks.conformance.examinee import Examinee
from benchmarks.conformance.findings import Finding, Result
from benchmarks.process.outcome import COMPLETE, Outcome
from problems.judge import Violation, bound_holds
from problems.tolerances import OPTIMALITY_TOLERANCE

Answers = list[tuple[Case, Outcome]]

MOST_KILLS = 2
"""A solver that was killed at its time limit so often is not asked again."""


def ask_all(examinee: Examinee, cases: Iterable[Case]) -> tuple[Answers, bool]:
    """The answers to all cases, and whether they are all; otherwise the solver was killed too often."""
    answers: Answers = []
    kills = 0
    for case in cases:
        answers.append((case, examinee.ask("answers", case.instance)))
        kills += was_killed(answers[-1][1])
        if kills == MOST_KILLS:
            return answers, False
    return answers, True


def was_killed(outcome: Outcome) -> bool:
    """Whether it ran into its time limit and did not return by itself."""
    return outcome.status == "timeout" and outcome.signal is not None


def answers_come(answers: Answers, complete: bool) -> Result:
    """It returns by itself, with decisions, a bound or a reason why it does not take the instance."""
    findings = []
    for case, outcome in answers:
        unfinished = outcome.status in ("crash", "error", "memory") or was_killed(outcome)
        nothing = outcome.solution is None and outcome.status != "bound-only"
        if outcome.status == "skipped":
            findings.append(declined(case, outcome))
        elif unfinished or nothing:
            findings.append(Finding(case.name, "failed", f"{outcome.status}: {outcome.error}", outcome.traceback))
        else:
            findings.append(Finding(case.name, "passed"))
    return Result("answers", tuple(findings), "" if complete else "given up: it was killed at its time limit too often")


def answers_are_feasible(answers: Answers) -> Result:
    """The judge finds no broken rule."""
    findings = []
    for case, outcome in answers:
        if outcome.status == "skipped":
            findings.append(declined(case, outcome))
        elif outcome.verdict is not None:
            findings.append(_without(case, outcome.verdict.violations))
    return Result("feasible", tuple(findings))


def claims_hold(answers: Answers) -> Result:
    """Status, objective and bound are what the judge can confirm, and so is every streamed incumbent."""
    findings = []
    for case, outcome in answers:
        if outcome.status == "skipped":
            findings.append(declined(case, outcome))
        elif outcome.status == "infeasible-claim":
            findings.append(Finding(case.name, "failed", outcome.error or ""))
        else:
            findings.append(_without(case, false_claims(outcome)))
    return Result("claims", tuple(findings))


def bounds_hold(examinee: Examinee, answers: Answers) -> Result:
    """The lower bound is there and not above the optimum."""
    if not examinee.capabilities.gives_bound:
        return Result("bounds", (), "its capabilities promise no bound")
    return Result("bounds", tuple(_bound(case, outcome) for case, outcome in answers))


def _bound(case: Case, outcome: Outcome) -> Finding:
    bound = outcome.lower_bound
    if outcome.status == "skipped":
        return declined(case, outcome)
    if bound is None:
        finished = outcome.status in COMPLETE
        return Finding(case.name, "failed" if finished else "declined", "states no bound")
    optimum = certified_optimum(case.instance)
    if not bound_holds(bound, optimum):
        return Finding(case.name, "failed", f"claims that no cost is below {bound!r}; the optimum is {optimum!r}")
    return Finding(case.name, "passed")


def optima_are_reached(examinee: Examinee, answers: Answers) -> Result:
    """An exact solver proves the optimum, to the relative 1e-6 of the contract."""
    findings = tuple(_optimum(case, outcome) for case, outcome in answers if examinee.exact_for(case.instance))
    return Result("optimum", findings, "" if findings else "its capabilities promise no optimum")


def _optimum(case: Case, outcome: Outcome) -> Finding:
    optimum = certified_optimum(case.instance)
    if outcome.status == "skipped":
        return declined(case, outcome)
    if outcome.status == "timeout":
        return Finding(case.name, "declined", "not finished within its time limit")
    if outcome.verdict is None or outcome.status != "optimal":
        return Finding(case.name, "failed", f"{outcome.status}, with the bound {outcome.lower_bound!r}")
    off = outcome.verdict.cost - optimum
    if abs(off) > OPTIMALITY_TOLERANCE * optimum:
        return Finding(case.name, "failed", f"costs {outcome.verdict.cost!r}; the optimum is {optimum!r}")
    return Finding(case.name, "passed")


def declined(case: Case, outcome: Outcome) -> Finding:
    """The solver does not take the case."""
    return Finding(case.name, "declined", outcome.error or "")


def false_claims(outcome: Outcome) -> Iterator[Violation]:
    """What an outcome's violations say of claims, not of decisions."""
    return (found for found in outcome.violations if found.rule.startswith(("claim.", "incumbent")))


def _without(case: Case, violations: Iterable[Violation]) -> Finding:
    first = next(iter(violations), None)
    return Finding(case.name, "passed") if first is None else Finding(case.name, "failed", first.message)
