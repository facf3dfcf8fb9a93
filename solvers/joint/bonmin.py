"""The whole programme by Bonmin, which CasADi brings along."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.sparse import csc_matrix

from problems.episode import slots_of
from problems.instance import Instance
from problems.prices import Prices
from problems.solution import Solution
from problems.status import Status
from solvers.base import Budget, Capabilities, Report, Silent, Solver, Unsuitable
from solvers.extras import require
from solvers.programme.air_tangents import around
from solvers.programme.formulation import formulate
from solvers.programme.frames_apart import frames_apart, solve_by_frames
from solvers.programme.programme import Programme
from solvers.programme.search import Search
from solvers.quiet import printing_dropped
from solvers.slot.costs import air_time

require("casadi")

MAX_REQUESTS = 150
MAX_AIR_S = 1e4
"""Seconds: beyond, Bonmin may end the whole process by an error that it does not catch."""
PROBE = 1 / 8
"""The share of a time limit after which Bonmin is started again, from what it has found."""
CUTOFF = 1e-6
"""Relative: how much more than the start an answer may cost."""
FEASIBILITY = 1e-5
"""A point that is off by more is none that Bonmin has found."""
QUIET = ("bb_log_level", "nlp_log_level", "oa_log_level", "fp_log_level", "lp_log_level", "milp_log_level")


@dataclass(frozen=True)
class Bonmin(Solver):
    """A good answer without a bound, deadline included, by Bonmin (Bonami et al., 2008) through CasADi.

    The programme is convex once its whole numbers are fixed, so that what Bonmin ends with is the optimum to its own
    tolerances; CasADi passes on no bound, and so none is claimed. It starts from the caches of the linear
    relaxation, or from a given start if that is better, and looks for nothing that costs more. The caches that it ends
    with are completed by the exact allocation. Its own limit counts processor time: a first run over an eighth of the
    time shows how much of a second it gets, and what that has found is where the second run starts; on a machine
    whose load changes it may be late. Where loading is free frames are solved one by one. Raises
    Unsuitable for more than 150 active requests in a programme, or air times of hours.
    """

    capabilities = Capabilities("hindsight", honours_limits=True, takes_start=True)

    algorithm: Literal["B-QG", "B-OA", "B-Hyb", "B-BB"] = "B-QG"
    """One tree with linearisations, outer approximation, a mixture, or nonlinear branch and bound."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """See :meth:`solvers.base.Solver.solve`."""
        largest = max(part.active_requests for part in frames_apart(instance))
        if largest > MAX_REQUESTS:
            raise Unsuitable(f"takes at most {MAX_REQUESTS} active requests in a programme; one has {largest}")
        slots = slots_of(instance, np.zeros((instance.frames, len(instance.models)), dtype=bool))
        longest = air_time(slots, np.ones(slots.request.shape)).max()
        if longest > MAX_AIR_S:
            raise Unsuitable(f"takes air times of at most {MAX_AIR_S:g} s with the whole band; one is {longest:g} s")
        solution = solve_by_frames(instance, budget, _WithoutBounds(report), self._improve)
        status: Status = "timeout" if solution.status == "timeout" else "feasible"
        return dataclasses.replace(solution, lower_bound=None, status=status)

    def _improve(self, search: Search, budget: Budget) -> bool:
        if budget.time_limit_s is None:
            return self._run(search, None)
        began, cpu_s = time.monotonic(), time.process_time()
        if self._run(search, PROBE * budget.remaining_s):
            return True
        speed = (time.process_time() - cpu_s) / (time.monotonic() - began)
        return not budget.expired and self._run(search, min(speed, 1.0) * budget.remaining_s)

    def _run(self, search: Search, cpu_limit_s: float | None) -> bool:
        """Offer what Bonmin finds from the best answer on; whether it came to an end."""
        formulation = formulate(search.instance)
        start = formulation.point(search.best)
        programme = around(formulation.programme, start)
        value = programme.value(start)
        options: dict[str, Any] = {f"bonmin.{name}": 0 for name in QUIET}
        options |= {"bonmin.algorithm": self.algorithm, "print_time": False, "error_on_fail": False}
        options["bonmin.cutoff"] = value - programme.constant + CUTOFF * abs(value)
        if cpu_limit_s is not None:
            options["bonmin.time_limit"] = cpu_limit_s
        with printing_dropped():
            x, ended = _best(programme, start, options)
        if x is not None:
            search.offer(formulation.solution(x))
        return ended


@dataclass(frozen=True)
class _WithoutBounds(Silent):
    """Passes on incumbents alone."""

    report: Report

    def incumbent(self, solution: Solution) -> None:
        self.report.incumbent(solution)

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """Dropped: it is not Bonmin's."""


def _best(programme: Programme, start: np.ndarray, options: dict[str, Any]) -> tuple[np.ndarray | None, bool]:
    """Bonmin's best point (V,), or None where it has found none, and whether it came to an end, by an error too."""
    import casadi

    x = casadi.SX.sym("x", len(programme.names))
    air = programme.air
    b = x[air.share.tolist()]
    speed = b * (casadi.log(b + air.snr) - casadi.log(b))
    linear = casadi.densify(casadi.mtimes(casadi.DM(csc_matrix(programme.matrix)), x))
    times = air.up / speed + air.down / b - x[air.seconds.tolist()]
    problem = {"x": x, "f": casadi.dot(programme.cost, x), "g": casadi.vertcat(linear, times)}
    options = options | {"discrete": programme.integer.tolist()}
    solver = casadi.nlpsol("t2bench", "bonmin", problem, options)
    least = np.where(programme.equal, programme.limit, -np.inf)
    try:
        answer = solver(
            x0=start,
            lbx=programme.lower,
            ubx=programme.upper,
            lbg=np.concatenate([least, np.full(len(air), -np.inf)]),
            ubg=np.concatenate([programme.limit, np.zeros(len(air))]),
        )
    except RuntimeError:  # CasADi's word for an error inside Bonmin
        return None, True
    point = np.array(answer["x"]).ravel()
    off = np.abs(point - np.rint(point))[programme.integer].max(initial=0.0)
    found = max(programme.broken(point), off) <= FEASIBILITY
    return point if found else None, solver.stats()["return_status"] != "LIMIT_EXCEEDED"
