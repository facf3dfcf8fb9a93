"""Checks that ask again: the same question, a changed one, and one with little time."""

from __future__ import annotations

import numpy as np

from benchmarks.conformance.answers import Answers, declined, false_claims, was_killed
from benchmarks.conformance.cases import Case
from benchmarks.conformance.changes import RELATIONS, Relation
from benchmarks.conformance.examinee import Examinee
from benchmarks.conformance.findings import Finding, Result
from benchmarks.process.outcome import Outcome
from problems.instance import Instance
from problems.solution import Solution
from problems.tolerances import OPTIMALITY_TOLERANCE

CHANGED = ("plain", "idle-users", "kinks", "loading", "deadline", "forced-deadline")
"""The cases that are also asked with a change."""
ELSEWHERE = "plain"
"""The case that is also asked in another interpreter."""
DETERMINISTIC, TIME_LIMIT = "deterministic", "time limit"
"""Names of checks."""
MOMENT_S = 0.5
"""The time limit that has to be honoured."""


def repeats_itself(examinee: Examinee, answers: Answers) -> Result:
    """The same seed gives the same decisions, to the last bit, in another process too."""
    findings = []
    for case, outcome in answers:
        if outcome.status == "skipped":
            findings.append(declined(case, outcome))
        elif outcome.solution is not None and outcome.status != "timeout":
            again = examinee.ask(DETERMINISTIC, case.instance).solution
            findings.append(_compared(case.name, outcome.solution, again))
            if case.name == ELSEWHERE:
                elsewhere = examinee.ask_elsewhere(DETERMINISTIC, case.instance).solution
                findings.append(_compared(f"{case.name}, in another interpreter", outcome.solution, elsewhere))
    return Result(DETERMINISTIC, tuple(findings))


def _compared(name: str, first: Solution, second: Solution | None) -> Finding:
    if second is None:
        return Finding(name, "failed", "the second time there is no answer")
    for field in ("cache", "bandwidth", "steps"):
        if not np.array_equal(getattr(first, field), getattr(second, field), equal_nan=True):
            return Finding(name, "failed", f"{field} differs the second time")
    return Finding(name, "passed")


def relations_hold(examinee: Examinee, answers: Answers) -> list[Result]:
    """An exact solver's optimum answers to every change as the optimum does."""
    chosen = [(c, a) for c, a in answers if c.name in CHANGED and examinee.exact_for(c.instance)]
    if not chosen:
        return [Result("changes", (), "its capabilities promise no optimum")]
    results = []
    for relation in RELATIONS:
        fitting = [(c, a) for c, a in chosen if not (relation.needs_free_edge and c.instance.system.forced_edge)]
        findings = tuple(_related(examinee, relation, case, answer) for case, answer in fitting)
        results.append(Result(relation.name, findings))
    return results


def _related(examinee: Examinee, relation: Relation, case: Case, answer: Outcome) -> Finding:
    if answer.status == "skipped":
        return declined(case, answer)
    changed = examinee.ask(relation.name, relation.change(case.instance))
    if "timeout" in (answer.status, changed.status):
        return Finding(case.name, "declined", "not finished within its time limit")
    if changed.status == "skipped":
        return declined(case, changed)
    if answer.verdict is None or changed.verdict is None or changed.status != "optimal":
        return Finding(case.name, "failed", f"{changed.status} after the change")
    before, after = answer.verdict.cost * relation.factor, changed.verdict.cost
    over, under = after > before * (1 + OPTIMALITY_TOLERANCE), after < before * (1 - OPTIMALITY_TOLERANCE)
    if over or (under and relation.effect == "scales"):
        allowed = "be" if relation.effect == "scales" else "be at most"
        return Finding(case.name, "failed", f"costs {after!r} after the change; must {allowed} {before!r}")
    return Finding(case.name, "passed")


def limit_is_honoured(examinee: Examinee, instances: tuple[Instance, ...]) -> Result:
    """With little time it returns by itself with a feasible answer and true claims."""
    if not examinee.capabilities.honours_limits:
        return Result(TIME_LIMIT, (), "its capabilities do not promise to honour it")
    return Result(TIME_LIMIT, tuple(_in_a_moment(examinee, instance) for instance in instances))


def _in_a_moment(examinee: Examinee, instance: Instance) -> Finding:
    outcome = examinee.ask(TIME_LIMIT, instance, MOMENT_S)
    if outcome.status == "skipped":
        return Finding(instance.name, "declined", outcome.error or "")
    if was_killed(outcome) or outcome.solution is None or outcome.verdict is None:
        return Finding(instance.name, "failed", f"{outcome.status}: {outcome.error}")
    wrong = [*outcome.verdict.violations, *false_claims(outcome)]
    return Finding(instance.name, "failed" if wrong else "passed", wrong[0].message if wrong else "")
