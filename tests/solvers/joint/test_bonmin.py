"""``bonmin``: good answers without a claim."""

from __future__ import annotations

import dataclasses

import pytest

from problems.judge import judge
from solvers.base import Unsuitable
from tests.cases import as_instance, random_document, sampled
from tests.slow import few
from tests.solvers.support import Remembering, cost_of, solve

pytest.importorskip("casadi", reason="needs the extra casadi")

SHAPE = (2, 2, 3)


@pytest.mark.parametrize("algorithm", ["B-QG", "B-OA"])
@pytest.mark.parametrize("seed", few(6, range(12)))
def test_finds_the_optimum_of_small_instances_and_claims_nothing(seed: int, algorithm: str) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, deadline=seed % 3 > 0))
    report = Remembering()
    solution = solve("bonmin", instance, report=report, algorithm=algorithm)
    verdict = judge(instance, solution)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(cost_of("exhaustive", instance), rel=1e-6)
    assert (solution.status, solution.lower_bound, report.bounds) == ("feasible", None, [])


def test_solves_the_small_family() -> None:
    instance = sampled("small", 0, 0)
    assert cost_of("bonmin", instance) == pytest.approx(cost_of("exhaustive", instance), rel=1e-6)


def test_refuses_what_is_too_large() -> None:
    with pytest.raises(Unsuitable, match="at most 150 active requests"):
        solve("bonmin", sampled("metro"))


def test_refuses_channels_that_are_hardly_there() -> None:
    instance = sampled("tiny")
    weak = dataclasses.replace(instance, trace=dataclasses.replace(instance.trace, gain=instance.trace.gain * 1e-12))
    with pytest.raises(Unsuitable, match="air times of at most 10000 s"):
        solve("bonmin", weak)
