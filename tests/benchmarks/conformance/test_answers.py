"""Each way of breaking a rule fails the check of its name."""

from __future__ import annotations

import pytest

from benchmarks.conformance.kit import conforms
from tests.benchmarks.conformance.support import FEW, examinee, failed, of_answers


@pytest.mark.parametrize(
    ("name", "checks"),
    [
        ("Honest", set()),
        ("WrongBound", {"bounds"}),
        ("Boaster", {"bounds", "optimum"}),
        ("Unproved", {"optimum"}),
        ("Wasteful", {"feasible"}),
        ("CrashesWhenIdle", {"answers"}),
        ("Picky", set()),
    ],
)
def test_a_broken_rule_fails_the_check_of_its_name(name: str, checks: set[str]) -> None:
    assert failed(of_answers(examinee(name))) == checks


def test_a_crash_fails_its_case_alone_and_says_how() -> None:
    result = of_answers(examinee("CrashesWhenIdle"))["answers"]
    (finding,) = result.having("failed")
    assert finding.case == "idle-trace"
    assert "SIGSEGV" in finding.words
    assert len(result.having("passed")) == len(FEW) - 1


def test_what_is_declined_is_said_and_does_not_count_against_the_solver() -> None:
    result = of_answers(examinee("Picky"))["answers"]
    assert result.verdict == "passed"
    assert [(finding.case, finding.words) for finding in result.having("declined")] == [
        ("deadline", "takes no deadline")
    ]


def test_who_declines_everything_does_not_conform() -> None:
    results = of_answers(examinee("Picky", takes_any=False))
    assert {result.verdict for result in results.values()} == {"declined", "not promised"}
    assert not conforms(list(results.values()))
