"""``t2bench check``: a conforming solver passes, and each way of breaking a rule fails the check of its name."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from benchmarks.conformance import answers as single
from benchmarks.conformance import comparisons
from benchmarks.conformance.cases import Case, cases, certified_optimum, long_instances
from benchmarks.conformance.changes import RELATIONS
from benchmarks.conformance.examinee import Examinee
from benchmarks.conformance.findings import Result
from benchmarks.conformance.kit import conforms, examine
from benchmarks.process import watch
from problems.instance import from_document
from problems.io.errors import InputError
from problems.judge import judge
from solvers.base import Budget, Silent
from solvers.kernel import LINE
from solvers.registry import make_solver
from tests import independent
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


def t2bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "t2bench.cli.main", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name, marks=[] if case.name in FEW else [pytest.mark.slow]) for case in cases()],
)
def test_the_cases_are_instances_with_an_optimum_that_others_confirm(case: Case) -> None:
    document = json.loads(json.dumps(case.instance.document))
    assert from_document(document).sha256 == case.instance.sha256
    optimum = certified_optimum(case.instance)
    if case.name == "deadline" or not case.instance.system.couples_budgets:
        naive = make_solver("brute-force").solve(case.instance, Budget(), Silent())
        assert naive.status == "optimal"
        assert judge(case.instance, naive).cost == pytest.approx(optimum, rel=1e-9)
    if not case.instance.system.couples_budgets and case.instance.active_requests:
        assert independent.optimum(document).cost == pytest.approx(optimum, rel=1e-7)


def test_the_cases_differ() -> None:
    assert len({case.instance.sha256 for case in cases()}) == len({case.name for case in cases()}) == 27


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.name)
def test_the_relations_are_true(relation: Any) -> None:
    for case in cases():
        if relation.needs_free_edge and case.instance.system.forced_edge:
            continue
        changed = relation.change(case.instance)
        assert from_document(json.loads(json.dumps(changed.document))).sha256 == changed.sha256
        before, after = certified_optimum(case.instance) * relation.factor, certified_optimum(changed)
        assert after <= before * (1 + 1e-9)
        assert relation.effect == "falls" or after >= before * (1 - 1e-9)


def test_a_conforming_solver_passes() -> None:
    results = list(examine(examinee("Honest")))
    assert conforms(results)
    verdicts = {result.check: result.verdict for result in results}
    assert verdicts == {
        "answers": "passed",
        "feasible": "passed",
        "claims": "passed",
        "bounds": "not promised",
        "optimum": "not promised",
        "deterministic": "passed",
        "time limit": "passed",
        "changes": "not promised",
    }


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


def test_who_hangs_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "GRACE_S", 0.1)
    results = list(examine(examinee("Hangs", limit_s=0.2)))
    assert [result.check for result in results] == ["answers", "feasible", "claims", "bounds", "optimum"]
    assert results[0].verdict == "failed"
    assert len(results[0].findings) == single.MOST_KILLS
    assert "given up" in results[0].note


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


def test_what_is_not_installed_is_said() -> None:
    with pytest.raises(InputError, match="not installed: pip install unobtainium"):
        list(examine(examinee("Missing")))


def test_an_allocation_strategy_is_paired() -> None:
    assert Examinee.named("equal", {}, 1.0, 1.0).solver == "exhaustive+equal"
    assert Examinee.named("none+equal", {}, 1.0, 1.0).solver == "none+equal"


@pytest.mark.slow
def test_the_command_passes_a_built_in_solver_with_a_line_a_check() -> None:
    done = t2bench("exhaustive")
    assert done.returncode == 0
    assert done.stderr in ("", f"{LINE}\n")
    *checks, last = done.stdout.splitlines()
    assert len(checks) == 7 + len(RELATIONS)
    assert all(line.startswith("passed") for line in checks)
    assert last == "exhaustive conforms"


def test_the_command_fails_and_names_the_check() -> None:
    done = t2bench(f"{EXAMINEES}:Wasteful", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert not document["conforms"]
    assert [check["check"] for check in document["checks"] if check["verdict"] == "failed"] == [
        "feasible",
        "time limit",
    ]
    assert all(check["failed"] for check in document["checks"] if check["verdict"] == "failed")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonesuch"], "solver: 'nonesuch'; must be one of"),
        (["exhaustive", "--time-limit", "0"], "--time-limit: 0; must be a number > 0 "),
        (
            ["exhaustive", "--memory-limit", "1e30"],
            "argument --memory-limit: 1e30; must be a number > 0 and <= 1000000",
        ),
        (["exhaustive", "--set", "breadth=1"], "breadth"),
        ([f"{EXAMINEES}:Missing"], "not installed: pip install unobtainium"),
    ],
)
def test_the_command_refuses_bad_input_in_a_line(arguments: list[str], words: str) -> None:
    done = t2bench(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
