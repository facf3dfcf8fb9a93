"""What a solver streams is judged as it comes in."""

from __future__ import annotations

import pytest

from benchmarks.process.request import Request
from benchmarks.process.run import run_cell
from problems.certificates.bound import certified_bound
from problems.instance import Instance
from tests.benchmarks.cells import solve
from tests.cases import sampled


def test_a_streamed_infeasible_incumbent_is_found_out(instance: Instance) -> None:
    outcome = solve(instance, "StreamsInfeasible")
    assert outcome.status == "invalid"
    assert [violation.rule for violation in outcome.violations] == ["incumbent"]


def test_a_solver_cannot_certify_what_it_does_not_promise(instance: Instance) -> None:
    outcome = solve(instance, "Unpromised")
    assert outcome.status == "invalid"
    assert outcome.lower_bound is None
    assert {violation.rule for violation in outcome.violations} == {"claim.capabilities", "claim.status"}


def test_the_proof_of_a_bound_arrives_with_it() -> None:
    instance = sampled("small", 1)
    outcome = run_cell(Request(instance, "lagrangian", time_limit_s=60.0, memory_limit_gb=4.0))
    assert outcome.solution is not None
    assert outcome.solution.prices is not None
    assert certified_bound(instance, outcome.solution.prices) == pytest.approx(outcome.lower_bound, rel=1e-9)


def test_prices_that_prove_nothing_make_the_answer_invalid(instance: Instance) -> None:
    outcome = solve(instance, "Underpays")
    assert outcome.status == "invalid"
    assert outcome.error == "prices.steps[0][0]: -1; must be >= 0"
