"""Who is asked again must say the same, in time, and as the change demands."""

from __future__ import annotations

from benchmarks.conformance import answers as single
from benchmarks.conformance import comparisons
from benchmarks.conformance.cases import long_instances
from tests.benchmarks.conformance.support import examinee, few


def test_who_never_says_the_same_twice_is_found_out() -> None:
    asked = examinee("Restless")
    answers, _ = single.ask_all(asked, few()[:2])
    result = comparisons.repeats_itself(asked, answers)
    assert result.verdict == "failed"
    assert {finding.words for finding in result.having("failed")} == {"bandwidth differs the second time"}


def test_who_ignores_the_time_limit_is_found_out() -> None:
    result = comparisons.limit_is_honoured(examinee("Dawdler"), long_instances()[1:])
    assert result.verdict == "failed"
    assert "the limit is 0.5 s" in result.findings[0].words


def test_an_optimum_that_depends_on_the_order_of_the_models_is_found_out() -> None:
    asked = examinee("NamesMatter")
    answers, _ = single.ask_all(asked, few()[:1])
    verdicts = {result.check: result.verdict for result in comparisons.relations_hold(asked, answers)}
    assert verdicts.pop("models permuted") == "failed"
    assert set(verdicts.values()) == {"passed"}
