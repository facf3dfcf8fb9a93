"""The relaxed programme of a slot in CVXPY, compiled once for a number of users."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any

import cvxpy
import numpy as np

cp: Any = cvxpy
"""CVXPY without its annotations, which do not know its atoms."""

OPTIONS = 4
"""Numbers of steps that a user can mix."""
SETTINGS = {
    "warm_start": False,  # it would carry something of the slot before into the answer
    "equilibrate_enable": False,  # the data are scaled: this halves the iterations
    "max_step_fraction": 0.9,  # with 0.99 Clarabel gets stuck in one slot of a hundred
}


@lru_cache(maxsize=32)
def programme_for(users: int, coupled: bool) -> SlotProgramme:
    """The programme of slots with N users; ``coupled``: with a price on lateness."""
    return SlotProgramme(users, coupled)


class SlotProgramme:
    """A disciplined parametrised programme (DPP): a slot is a set of parameter values, and nothing is compiled again.

    Parameters, (N,) where not told: air time ``up / (x ln(1 + s / x)) + down / x``, with s given by
    ``log_scale`` = ln k, ``shrink`` = 1 / k and ``snr`` = s / k for any k; ``share``: what x = 1 takes of the
    band, whose whole is 1; ``pull``: a price that keeps x near 1 where its share is 0; ``steps`` and
    ``cost`` (N, OPTIONS) of the options, steps as shares of the budget; ``air_weight`` (scalar). With
    lateness also ``seconds`` (N, OPTIONS), ``slack`` and ``late_weight`` (scalar).
    """

    def __init__(self, users: int, coupled: bool) -> None:
        self._x = cp.Variable(users, nonneg=True)
        self._mix = cp.Variable((users, OPTIONS), nonneg=True)
        rate, inverse, air = cp.Variable(users), cp.Variable(users), cp.Variable(users)
        vectors = ("up", "down", "log_scale", "shrink", "snr", "share", "pull")
        p = {name: cp.Parameter(users, nonneg=True) for name in vectors}
        p |= {name: cp.Parameter((users, OPTIONS), nonneg=True) for name in ("steps", "cost")}
        p["air_weight"] = cp.Parameter(nonneg=True)

        # x ln(1 + s/x) = x ln k - rel_entr(x, (x + s)/k) for every k > 0; k = s keeps the cone's entries near one
        # where s is large. The rate is a variable since a parameter times an expression with one is not DPP.
        log_rate = cp.multiply(p["log_scale"], self._x) - cp.rel_entr(
            self._x, cp.multiply(p["shrink"], self._x) + p["snr"]
        )
        constraints = [
            rate <= log_rate,
            inverse >= cp.inv_pos(self._x),
            air >= cp.multiply(p["up"], cp.inv_pos(rate)) + cp.multiply(p["down"], inverse),
            p["share"] @ self._x <= 1,
            cp.sum(self._mix, axis=1) == 1,
            cp.sum(cp.multiply(p["steps"], self._mix)) <= 1,
        ]
        objective = p["air_weight"] * cp.sum(air) + cp.sum(cp.multiply(p["cost"], self._mix))
        objective += p["pull"] @ (self._x + inverse)
        if coupled:
            late = cp.Variable(users, nonneg=True)
            p["seconds"] = cp.Parameter((users, OPTIONS), nonneg=True)
            p["slack"], p["late_weight"] = cp.Parameter(users), cp.Parameter(nonneg=True)
            constraints.append(late >= air + cp.sum(cp.multiply(p["seconds"], self._mix), axis=1) - p["slack"])
            objective += p["late_weight"] * cp.sum(late)
        self._parameters = p
        self._problem = cp.Problem(cp.Minimize(objective), constraints)
        assert self._problem.is_dcp(dpp=True)

    def solve(self, values: dict[str, np.ndarray], tolerance: float) -> tuple[np.ndarray, np.ndarray] | None:
        """Shares x (N,) and the weights of the options (N, OPTIONS); None unless solved to optimality."""
        for name, value in values.items():
            self._parameters[name].value = value
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # CVXPY's own on inaccurate answers; those are None here
            try:
                self._problem.solve(
                    solver=cp.CLARABEL,
                    **SETTINGS,
                    tol_gap_abs=tolerance,
                    tol_gap_rel=tolerance,
                    tol_feas=tolerance,
                )
            except cp.SolverError:
                return None
        if self._problem.status != cp.OPTIMAL:
            return None
        return self._x.value, self._mix.value
