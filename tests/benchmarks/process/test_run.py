"""A cell from the request to the outcome: whatever a solver does, it ends, in the right way."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.process.outcome import has_failed
from benchmarks.process.request import Request
from benchmarks.process.run import run_cell, run_here
from problems.instance import Instance
from problems.judge import check_claims, judge
from problems.solution import Solution
from solvers.base import Budget, Capabilities, Report, Solver, Unsuitable
from tests.benchmarks.cells import MEMORY_GB, solve
from tests.benchmarks.hostile import cloud
from tests.places import HOSTILE


def test_an_honest_answer_is_judged_signed_and_measured(instance: Instance) -> None:
    outcome = solve(instance, "Polite")
    assert outcome.status == "feasible"
    assert not has_failed(outcome.status, None)
    assert outcome.solution is not None
    assert outcome.verdict is not None
    verdict = judge(instance, cloud(instance))
    assert outcome.verdict == verdict
    assert outcome.solution.objective == verdict.cost
    assert not check_claims(instance, outcome.solution, verdict)
    assert (outcome.solution.solver, outcome.solution.tier) == (f"{HOSTILE}:Polite", "hindsight")
    assert (outcome.exit_code, outcome.signal, outcome.error) == (0, None, None)
    assert outcome.solve_s is not None
    assert 0 <= outcome.solve_s < 5
    assert outcome.peak_memory_gb is not None
    assert 0.02 < outcome.peak_memory_gb < MEMORY_GB
    assert [(event.kind, event.value) for event in outcome.events] == [("cost", verdict.cost)]


def test_a_built_in_solver_proves_its_optimum(instance: Instance) -> None:
    outcome = run_cell(Request(instance, "exhaustive", time_limit_s=60.0, memory_limit_gb=4.0))
    assert outcome.status == "optimal"
    assert outcome.proved
    assert outcome.exact
    assert outcome.solution is not None
    assert outcome.solution.lower_bound == outcome.lower_bound


def test_without_limits_a_cell_ends_by_itself(instance: Instance) -> None:
    assert run_cell(Request(instance, f"{HOSTILE}:Polite")).status == "feasible"


def test_the_last_lines_of_error_output_are_kept(instance: Instance) -> None:
    tail = solve(instance, "Raises").stderr_tail.splitlines()
    assert tail[0] == "before the end"
    assert tail[-1] == "RuntimeError: no good"
    assert any("in solve" in line for line in tail)


def test_an_answer_is_the_same_whoever_asks(instance: Instance) -> None:
    first, second = (run_cell(Request(instance, "random", seed=7, time_limit_s=60.0)) for _ in range(2))
    assert first.solution is not None
    assert second.solution is not None
    for name in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(first.solution, name), getattr(second.solution, name))


def test_a_start_reaches_the_solver(instance: Instance) -> None:
    start = cloud(instance)
    outcome = run_cell(Request(instance, f"{HOSTILE}:ReturnsStart", time_limit_s=60.0, start=start))
    assert outcome.solution is not None
    assert np.array_equal(outcome.solution.bandwidth, start.bandwidth)


@pytest.mark.parametrize("name", ["exhaustive", "lagrangian", "random+equal", "greedy-popularity+genetic"])
def test_in_this_process_the_answer_is_the_same(instance: Instance, name: str) -> None:
    apart, here = run_cell(Request(instance, name, seed=3)), run_here(Request(instance, name, seed=3))
    for field in ("status", "verdict", "violations", "error", "tier", "exact", "lower_bound", "proved"):
        assert getattr(here, field) == getattr(apart, field), field
    assert [event.value for event in here.events] == [event.value for event in apart.events]
    assert apart.solution is not None
    assert here.solution is not None
    for field in ("cache", "bandwidth", "steps"):
        assert np.array_equal(getattr(here.solution, field), getattr(apart.solution, field))
    assert here.solution.instance_sha256 == instance.sha256
    assert here.solve_s is not None
    assert here.exit_code is None


@dataclass(frozen=True)
class Changeable(Solver):
    """Goes on to change what it has streamed and draws from the global generators."""

    capabilities = Capabilities("hindsight")

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = cloud(instance)
        report.incumbent(solution)
        solution.bandwidth[:] = random.random() + np.random.random()  # noqa: NPY002 - as a user may
        raise ArithmeticError("lost its way")


def test_a_solver_of_ones_own_answers_in_this_process(instance: Instance) -> None:
    state = random.getstate()
    outcome = run_here(Request(instance, "mine"), Changeable())
    assert random.getstate() == state
    assert outcome.status == "error"
    assert outcome.verdict == judge(instance, cloud(instance))
    assert outcome.solution is not None
    assert (outcome.solution.solver, outcome.solution.tier) == ("mine", "hindsight")
    line = Changeable.solve.__code__.co_firstlineno + 4
    assert outcome.error == f"ArithmeticError: lost its way ({__file__}:{line})"
    assert outcome.traceback is not None
    assert outcome.traceback.endswith("ArithmeticError: lost its way\n")


@dataclass(frozen=True)
class Raises(Changeable):
    """Raises what it is told to."""

    error: BaseException

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        raise self.error


def test_only_an_interrupt_leaves_a_solve_in_this_process(instance: Instance) -> None:
    for error, status in ((Unsuitable("no"), "skipped"), (SystemExit(3), "error"), (MemoryError(), "memory")):
        assert run_here(Request(instance, "mine"), Raises(error)).status == status
    with pytest.raises(KeyboardInterrupt):
        run_here(Request(instance, "mine"), Raises(KeyboardInterrupt()))
