"""An answer of another solver, column by column, as a solution."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from problems.instance import Instance
from problems.io.errors import InputError
from problems.judge import judge
from problems.solution import Solution
from solvers.programme.formulation import formulate


def solution_of(instance: Instance, values: Mapping[str, float], solver: str) -> Solution:
    """The solution that the columns ``rho_t_m``, ``s_t_k_n`` and ``b_t_k_n`` of an exported file describe, signed.

    Columns that are absent are 0, as many solvers leave zeros out; others are not looked at. Whole numbers are
    rounded, and shares that exceed the band by a solver's tolerance are scaled down. Raises
    InputError where no known column has a value.
    """
    formulation = formulate(instance)
    names = formulation.programme.names
    if not any(name in values for name in names):
        raise InputError(f"values: none of {names[0]} ... {names[-1]}; must be columns of this instance's programme")
    found = formulation.solution(np.array([float(values.get(name, 0.0)) for name in names]))
    share = found.bandwidth / np.maximum(found.bandwidth.sum(axis=2, keepdims=True), 1.0)
    solution = Solution(found.cache, share, found.steps)
    return solution.signed(instance, solver, "hindsight", judge(instance, solution).cost)
