"""A linear programme over a box, solved by PuLP, with a bound that does not trust the solver's tolerances."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pulp
from scipy.sparse import csr_matrix

from solvers.quiet import standard_output_dropped

Backend = Literal["highs", "cbc"]

PRIMAL = 4
"""HiGHS's number for its primal simplex."""
ROUNDING = 1e-12
"""Relative: covers the floating-point errors in adding up a bound."""


@dataclass(frozen=True, eq=False)
class BoxProgramme:
    """Minimise ``cost @ x`` subject to ``matrix @ x <= limit`` and ``0 <= x <= upper``."""

    cost: np.ndarray
    """(V,)."""
    matrix: csr_matrix
    """(R, V)."""
    limit: np.ndarray
    """(R,)."""
    upper: np.ndarray
    """(V,), finite."""


@dataclass(frozen=True, eq=False)
class BoxOptimum:
    """A solver's answer to a :class:`BoxProgramme`."""

    x: np.ndarray
    """(V,), feasible to the solver's tolerance."""
    prices: np.ndarray
    """(R,) >= 0, of the rows."""
    lower_bound: float
    """No feasible point costs less, whatever the solver's tolerances were."""


def solve_box(programme: BoxProgramme, backend: Backend, time_limit_s: float | None) -> BoxOptimum | None:
    """The optimum by HiGHS (in this process) or CBC (PuLP's own binary), serially; None if the time runs out."""
    with warnings.catch_warnings():
        # PuLP 3.3 announces the interface of PuLP 4 by warnings.
        warnings.simplefilter("ignore", DeprecationWarning)
        problem, variables, rows = _model(programme)
        try:
            problem.solve(_solver(backend, time_limit_s))
        except pulp.PulpSolverError:
            return None
    if problem.sol_status != pulp.LpSolutionOptimal:
        return None
    x = np.array([variable.varValue or 0.0 for variable in variables])
    prices = np.maximum([-(row.pi or 0.0) for row in rows], 0.0)
    return BoxOptimum(x, prices, dual_bound(programme, prices))


def dual_bound(programme: BoxProgramme, prices: np.ndarray) -> float:
    """A lower bound on the programme from any prices (R,) of its rows.

    Weak duality: for prices >= 0 every feasible x costs at least the minimum over the box of
    ``cost @ x + prices @ (matrix @ x - limit)``, which is a sum over the entries of x (Neumaier and
    Shcherbina, Safe bounds in linear and mixed-integer linear programming, 2004). Optimal prices give the
    optimum; inaccurate ones only a lower bound.
    """
    prices = np.maximum(prices, 0.0)
    gains = np.minimum(programme.cost + programme.matrix.T @ prices, 0.0) @ programme.upper
    size = prices @ np.abs(programme.limit)
    size += (np.abs(programme.cost) + abs(programme.matrix).T @ prices) @ programme.upper
    return float(gains - prices @ programme.limit - ROUNDING * size)


def _model(programme: BoxProgramme) -> tuple[pulp.LpProblem, list[pulp.LpVariable], list[pulp.LpConstraint]]:
    problem = pulp.LpProblem("box", pulp.LpMinimize)
    variables = [pulp.LpVariable(f"x{i}", 0, top) for i, top in enumerate(programme.upper.tolist())]
    problem += pulp.LpAffineExpression(zip(variables, programme.cost.tolist(), strict=True))
    matrix, rows = programme.matrix, []
    starts, columns, values = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
    for row, limit in enumerate(programme.limit.tolist()):
        entries = range(starts[row], starts[row + 1])
        left = pulp.LpAffineExpression([(variables[columns[i]], values[i]) for i in entries])
        rows.append(pulp.LpConstraint(left, pulp.LpConstraintLE, f"r{row}", limit))
        problem += rows[-1]
    return problem, variables, rows


def _solver(backend: Backend, time_limit_s: float | None) -> Any:
    if backend == "cbc":
        return pulp.PULP_CBC_CMD(mip=False, msg=False, threads=1, timeLimit=time_limit_s)
    # Not threads=1: HiGHS fails where its scheduler has been started with another number in this process.
    # With limits >= 0 the origin is feasible, and from there the primal simplex is up to ten times as fast as the dual.
    return _QuietHighs(mip=False, msg=False, timeLimit=time_limit_s, parallel="off", simplex_strategy=PRIMAL)


class _QuietHighs(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS without the banner that highspy 1.16 prints when it is made, before it can be told to be quiet."""

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:
        with standard_output_dropped():
            super().createAndConfigureSolver(lp)
