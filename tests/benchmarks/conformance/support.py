"""Solvers under examination, asked about a few cases."""

from __future__ import annotations

from typing import Any

from benchmarks.conformance import answers as single
from benchmarks.conformance.cases import Case, cases
from benchmarks.conformance.examinee import Examinee
from benchmarks.conformance.findings import Result
from tests.places import EXAMINEES

FEW = ("plain", "ties", "idle-trace", "deadline", "loading")


def examinee(name: str, limit_s: float = 20.0, **settings: Any) -> Examinee:
    return Examinee.named(f"{EXAMINEES}:{name}", settings, limit_s, 2.0)


def few() -> tuple[Case, ...]:
    return tuple(case for case in cases() if case.name in FEW)


def of_answers(asked: Examinee) -> dict[str, Result]:
    """The checks of single answers, on a few cases."""
    answers, complete = single.ask_all(asked, few())
    results = [
        single.answers_come(answers, complete),
        single.answers_are_feasible(answers),
        single.claims_hold(answers),
        single.bounds_hold(asked, answers),
        single.optima_are_reached(asked, answers),
    ]
    return {result.check: result for result in results}


def failed(results: dict[str, Result]) -> set[str]:
    return {name for name, result in results.items() if result.verdict == "failed"}
