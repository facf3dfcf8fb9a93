"""Linear programmes over a box: the optimum by both solvers, and bounds from any prices."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from solvers.frame.linear_program import BoxProgramme, dual_bound, solve_box


def random_programme(seed: int) -> BoxProgramme:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(6, 8)) * (rng.random((6, 8)) < 0.6)
    return BoxProgramme(rng.normal(size=8), csr_matrix(matrix), rng.random(6) * 2, rng.uniform(0.5, 2, 8))


@pytest.mark.parametrize("seed", range(10))
def test_bounds_of_linear_programmes_by_another_solver(seed: int) -> None:
    """SciPy's optimum: no prices give a higher bound, and those of both solvers give it."""
    programme = random_programme(seed)
    box = list(zip(np.zeros(8), programme.upper, strict=True))
    value = linprog(programme.cost, A_ub=programme.matrix, b_ub=programme.limit, bounds=box).fun
    prices = np.random.default_rng(seed).normal(size=(50, 6))
    assert max(dual_bound(programme, row) for row in prices) <= value + 1e-9
    for backend in ("highs", "cbc"):
        optimum = solve_box(programme, backend, 10.0)
        assert optimum is not None
        assert optimum.lower_bound == pytest.approx(value, rel=1e-7, abs=1e-9)
        assert programme.cost @ optimum.x == pytest.approx(value, rel=1e-6, abs=1e-9)


def test_without_time_there_is_no_answer() -> None:
    assert solve_box(random_programme(0), "highs", 0.0) is None
