"""The linear part of a programme as a PuLP problem."""

from __future__ import annotations

import warnings

import numpy as np
import pulp

from solvers.programme.programme import Programme


def pulp_model(programme: Programme) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """The problem and its variables (V,); air times are left out, and so is the objective's constant."""
    with warnings.catch_warnings():
        # PuLP 3.3 announces the interface of PuLP 4 by warnings.
        warnings.simplefilter("ignore", DeprecationWarning)
        problem = pulp.LpProblem("t2bench", pulp.LpMinimize)
        upper = [None if top == np.inf else top for top in programme.upper.tolist()]
        kinds = [pulp.LpInteger if whole else pulp.LpContinuous for whole in programme.integer.tolist()]
        columns = zip(programme.names, programme.lower.tolist(), upper, kinds, strict=True)
        variables = [pulp.LpVariable(*column) for column in columns]
        problem.addVariables(variables)
        problem += pulp.LpAffineExpression(zip(variables, programme.cost.tolist(), strict=True))
        matrix = programme.matrix
        starts, places, values = matrix.indptr.tolist(), matrix.indices.tolist(), matrix.data.tolist()
        for row, (limit, equal) in enumerate(zip(programme.limit.tolist(), programme.equal.tolist(), strict=True)):
            entries = range(starts[row], starts[row + 1])
            left = pulp.LpAffineExpression([(variables[places[i]], values[i]) for i in entries])
            sense = pulp.LpConstraintEQ if equal else pulp.LpConstraintLE
            problem += pulp.LpConstraint(left, sense, f"r{row}", limit)
    return problem, variables
