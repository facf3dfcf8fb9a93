"""The whole programme holds every solution at its cost."""

from __future__ import annotations

import numpy as np
import pytest

from problems.judge import judge
from problems.solution import Solution
from solvers.programme.formulation import formulate
from tests.cases import as_instance, random_document, sampled
from tests.solvers.support import solve, with_system

SHAPE = (2, 2, 3)


@pytest.mark.parametrize("seed", range(30))
def test_the_programme_holds_every_optimum_at_its_cost(seed: int) -> None:
    instance = as_instance(random_document(seed, shape=SHAPE, models=3 + seed % 3))
    solution = solve("exhaustive", instance)
    for with_bandwidth in {instance.system.couples_budgets, True}:
        formulation = formulate(instance, with_bandwidth)
        programme, x = formulation.programme, formulation.point(solution)
        assert programme.broken(x) <= 1e-9 or instance.system.latency_weight == 0
        cost = programme.value(x) / instance.active_requests
        assert cost == pytest.approx(judge(instance, solution).cost, rel=1e-12)


def test_the_programme_of_coupled_budgets_needs_bandwidth() -> None:
    instance = with_system(sampled("tiny"), deadline_s=5.0, late_penalty=1.0)
    with pytest.raises(ValueError, match="with_bandwidth: False"):
        formulate(instance, with_bandwidth=False)


def test_decisions_and_columns_are_each_others_inverse() -> None:
    instance = sampled("tiny", 1, 1)
    solution: Solution = solve("exhaustive", instance)
    formulation = formulate(instance)
    back = formulation.solution(formulation.point(solution))
    assert np.array_equal(back.cache, solution.cache)
    assert np.array_equal(back.steps, solution.steps)
    assert back.bandwidth == pytest.approx(solution.bandwidth)
