"""``milp`` against ``exhaustive`` where a deadline couples the budgets, and what it says while it runs."""

from __future__ import annotations

import pytest

from problems.instance import Instance
from problems.io.errors import InputError
from problems.judge import check_claims, judge
from solvers.registry import make_solver
from tests.cases import as_instance, random_document, sampled
from tests.slow import few
from tests.solvers.support import Remembering, cost_of, first_frames, silent, solve

SHAPE = (2, 2, 3)


def proved(instance: Instance, optimum: float, **settings: object) -> None:
    """The solver's answer is the optimum, proved, and no bound on the way exceeds it."""
    report = Remembering()
    solution = solve("milp", instance, report=report, **settings)
    verdict = judge(instance, solution)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(optimum, rel=1e-6)
    assert solution.status == "optimal"
    assert check_claims(instance, solution.signed(instance, "milp", "hindsight", verdict.cost), verdict) == []
    assert max(report.bounds) <= optimum * (1 + 1e-9)
    assert report.bounds == sorted(report.bounds)


@pytest.mark.parametrize("seed", few(5, range(25)))
@pytest.mark.parametrize("forced_edge", [False, True])
def test_agrees_with_the_exhaustive_search_with_a_deadline(seed: int, forced_edge: bool) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, deadline=True, forced_edge=forced_edge))
    proved(instance, cost_of("exhaustive", instance))


@pytest.mark.parametrize("seed", few(2, range(6)))
def test_cbc_gives_the_same(seed: int) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, deadline=seed % 2 == 0))
    proved(instance, cost_of("exhaustive", instance), backend="cbc")


@pytest.mark.parametrize("family", ["tiny", "small"])
def test_solves_the_small_families(family: str) -> None:
    instance = sampled(family, 1, 1)
    proved(instance, cost_of("exhaustive", instance))


def test_solves_a_frame_in_which_a_deadline_couples_the_budgets() -> None:
    instance = first_frames(sampled("deadline", 0, 0), 1)
    proved(instance, cost_of("exhaustive", instance))


def test_an_empty_trace_costs_nothing() -> None:
    assert cost_of("milp", silent(sampled("tiny"))) == 0.0


def test_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    for backend in ("highs", "cbc"):
        solve("milp", sampled("tiny", 1, 1), backend=backend)
    assert capfd.readouterr() == ("", "")


def test_refuses_an_unknown_backend() -> None:
    with pytest.raises(InputError, match="backend"):
        make_solver("milp", {"backend": "glpk"})
