"""The kit: every check, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.conformance import answers as single
from benchmarks.conformance import comparisons
from benchmarks.conformance.cases import cases, long_instances
from benchmarks.conformance.examinee import Examinee
from benchmarks.conformance.findings import Result


def examine(examinee: Examinee) -> Iterator[Result]:
    """The results, as they come; a solver that hangs is not asked more than it takes to know. Raises InputError."""
    answers, complete = single.ask_all(examinee, cases())
    yield single.answers_come(answers, complete)
    yield single.answers_are_feasible(answers)
    yield single.claims_hold(answers)
    yield single.bounds_hold(examinee, answers)
    yield single.optima_are_reached(examinee, answers)
    if complete:
        yield comparisons.repeats_itself(examinee, answers)
        yield comparisons.limit_is_honoured(examinee, long_instances())
        yield from comparisons.relations_hold(examinee, answers)


def conforms(results: list[Result]) -> bool:
    """Whether nothing failed, and something was answered at all."""
    failed = any(result.verdict == "failed" for result in results)
    return not failed and results[0].verdict == "passed"
