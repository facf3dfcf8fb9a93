"""From claims and endings to a status: nothing is believed that the judge has not checked."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from benchmarks.process.conclusion import MAX_VIOLATIONS
from benchmarks.process.outcome import has_failed
from problems.instance import Instance
from tests.benchmarks.cells import SHORT_S, solve


@pytest.mark.parametrize("code", [0, 3])
def test_an_exit_is_a_crash_with_its_code(instance: Instance, code: int) -> None:
    outcome = solve(instance, "Exits", code=code)
    assert (outcome.status, outcome.exit_code, outcome.signal) == ("crash", code, None)


def test_a_segmentation_fault_is_a_crash_with_its_signal(instance: Instance) -> None:
    outcome = solve(instance, "Segfaults")
    assert (outcome.status, outcome.exit_code, outcome.signal) == ("crash", None, signal.SIGSEGV)
    assert "Segmentation fault" in outcome.stderr_tail


def test_an_uncaught_bad_alloc_is_a_matter_of_memory(instance: Instance) -> None:
    outcome = solve(instance, "Aborts")
    assert (outcome.status, outcome.signal) == ("memory", signal.SIGABRT)


@pytest.mark.usefixtures("quick_kill")
def test_a_streamed_bound_above_a_streamed_cost_is_found_out(instance: Instance) -> None:
    outcome = solve(instance, "StreamsThenHangs", SHORT_S, bound_share=1.01)
    assert outcome.status == "invalid"
    assert [violation.rule for violation in outcome.violations] == ["claim.lower_bound"]


@pytest.mark.parametrize(
    ("claims", "rules"),
    [
        ({"status": "optimal"}, {"claim.status"}),
        ({"status": "optimal", "bound_share": 0.99}, {"claim.status"}),
        ({"bound_share": 1.001}, {"claim.lower_bound"}),
        ({"bound_share": 1.001, "status": "optimal"}, {"claim.lower_bound"}),
        ({"objective": 1.0}, {"claim.objective"}),
        ({"nan_bound": True}, {"claim.lower_bound"}),
    ],
)
def test_false_claims_make_the_row_invalid(instance: Instance, claims: dict[str, Any], rules: set[str]) -> None:
    outcome = solve(instance, "Claims", **claims)
    assert outcome.status == "invalid"
    assert {violation.rule for violation in outcome.violations} == rules


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"bound_share": 0.9}, "feasible"),
        ({"bound_share": 1.0}, "optimal"),
        ({"bound_share": 1.0, "status": "optimal"}, "optimal"),
        ({"status": "timeout"}, "timeout"),
        ({"status": "infeasible"}, "infeasible-claim"),
    ],
)
def test_the_status_is_what_the_claims_amount_to(instance: Instance, claims: dict[str, Any], status: str) -> None:
    assert solve(instance, "Claims", **claims).status == status


@pytest.mark.parametrize(("name", "rule"), [("ReturnsNan", "bandwidth.missing"), ("BreaksRules", "bandwidth.sum")])
def test_broken_rules_are_listed(instance: Instance, name: str, rule: str) -> None:
    outcome = solve(instance, name)
    assert outcome.status == "invalid"
    assert rule in {violation.rule for violation in outcome.violations}
    assert len(outcome.violations) <= MAX_VIOLATIONS + 1


def test_a_bound_without_decisions_is_a_bound(instance: Instance) -> None:
    outcome = solve(instance, "BoundOnly")
    assert (outcome.status, outcome.lower_bound, outcome.solution) == ("bound-only", 0.5, None)
    assert not has_failed(outcome.status, None)
