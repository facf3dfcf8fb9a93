"""Mixed-integer programmes by HiGHS and CBC, against SciPy's own interface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from solvers.base import Budget
from solvers.frame.linear_program import Backend
from solvers.programme.mip_backend import MipTask, solve_mip
from solvers.programme.programme import AirRows, Programme

BACKENDS: list[Backend] = ["highs", "cbc"]
GAP = 1e-9


def random_programme(seed: int) -> Programme:
    """Eight columns, five of them whole, whose origin is feasible; one row is an equality where the seed is odd."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-4, 7, (5, 8)) * (rng.random((5, 8)) < 0.7)
    equal = np.zeros(5, dtype=bool)
    limit = rng.integers(3, 12, 5).astype(float)
    if seed % 2:
        matrix[4], limit[4], equal[4] = [1, 1, 0, 0, -1, -1, 0, 0], 0.0, True
    return Programme(
        names=tuple(f"x{i:02d}" for i in rng.permutation(8)),
        cost=rng.normal(size=8).round(2),
        constant=float(rng.normal()),
        lower=np.zeros(8),
        upper=rng.integers(1, 5, 8).astype(float),
        integer=np.array([True] * 5 + [False] * 3),
        matrix=csr_matrix(matrix.astype(float)),
        limit=limit,
        equal=equal,
        air=AirRows.none(),
    )


def best_value(programme: Programme, whole: bool = True) -> float:
    least = np.where(programme.equal, programme.limit, -np.inf)
    rows = LinearConstraint(programme.matrix.toarray(), least, programme.limit)
    box = Bounds(programme.lower, programme.upper)
    found = milp(programme.cost, constraints=rows, bounds=box, integrality=programme.integer & whole)
    assert found.status == 0
    return float(found.fun) + programme.constant


def task(programme: Programme, backend: Backend, limit_s: float | None = None, **fields: Any) -> MipTask:
    return MipTask(programme, backend, budget=Budget(limit_s), **{"start": None, "scale": 1.0, "gap": GAP} | fields)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("seed", range(8))
def test_the_optimum_with_a_bound_that_holds(seed: int, backend: Backend) -> None:
    programme = random_programme(seed)
    best = best_value(programme)
    for start in (None, np.zeros(8)):
        answer = solve_mip(task(programme, backend, start=start))
        assert answer.finished
        assert answer.x is not None
        assert programme.broken(answer.x) <= 1e-6
        assert answer.x[programme.integer] == pytest.approx(np.rint(answer.x[programme.integer]), abs=1e-6)
        assert programme.value(answer.x) == pytest.approx(best, abs=1e-6)
        assert best - 1e-6 <= answer.lower_bound <= best


@pytest.mark.parametrize("seed", range(4))
def test_relaxed_it_is_the_linear_programme(seed: int) -> None:
    programme = random_programme(seed)
    answer = solve_mip(task(programme, "highs", relaxed=True))
    best = best_value(programme, whole=False)
    assert answer.x is not None
    assert programme.value(answer.x) == pytest.approx(best, abs=1e-7)
    assert best - 1e-6 <= answer.lower_bound <= best + 1e-12


@pytest.mark.parametrize("backend", BACKENDS)
def test_without_time_nothing_is_finished(backend: Backend) -> None:
    answer = solve_mip(task(random_programme(0), backend, limit_s=0.0))
    assert not answer.finished
    assert answer.lower_bound <= best_value(random_programme(0))


def test_what_is_watched_are_feasible_points_and_bounds_that_hold() -> None:
    """In the programme's own order of columns, whatever their names are sorted to."""
    seen: list[tuple[np.ndarray | None, float]] = []
    programme = random_programme(3)
    answer = solve_mip(task(programme, "highs"), lambda x, bound: seen.append((x, bound)))
    best = best_value(programme)
    points = [x for x, _ in seen if x is not None]
    assert answer.finished
    assert all(programme.broken(x) <= 1e-6 for x in points)
    assert all(programme.value(x) >= best - 1e-6 for x in points)
    assert all(bound <= best for _, bound in seen)
