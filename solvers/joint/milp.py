"""The whole programme as a mixed-integer linear one, refined until it is exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from problems.episode import slots_of
from problems.instance import Instance
from problems.solution import Solution
from solvers.base import Budget, Capabilities, Report, Solver
from solvers.frame.linear_program import Backend
from solvers.programme.air_tangents import around, underestimated, with_tangents
from solvers.programme.formulation import Formulation, formulate
from solvers.programme.frames_apart import solve_by_frames
from solvers.programme.mip_backend import MipAnswer, MipTask, Watch, solve_mip
from solvers.programme.programme import Programme
from solvers.programme.search import Search
from solvers.slot.late_bandwidth import late_bandwidth

GAP = 1e-7
"""Relative, of the last mixed-integer programme."""
FIRST_GAP = 1e-4
"""Relative, of the first one with a deadline."""
NARROWER = 0.1
"""The gap of the next one, as a share of what is left."""
ROOT_ROUNDS = 8
"""Of tangents at the optima of linear relaxations."""
ROOT_TOLERANCE = 1e-5
"""Relative to the mean cost of a request: where these rounds end."""
AIR_TOLERANCE = 1e-9
"""Relative to the cost: air times that are too short by less are exact."""


@dataclass(frozen=True)
class Milp(Solver):
    """The optimum with a proof, deadline included, by mixed-integer linear programming through PuLP.

    Caches and steps are whole numbers. Without a price of lateness bandwidth is a constant and one
    programme is exact. With one, air times are approximated by tangents: each solution of the relaxed programme adds
    tangents at its shares and at the best shares of its steps, until its value meets the best
    answer (outer approximation: Duran and Grossmann, 1986; Kelley, 1960). Every cache that the solver finds is
    completed by the exact allocation. Where loading is free frames are solved one by one.

    The lower bound is the solver's, less the gap it was given and 1e-7 of the cost for its feasibility tolerances
    (1e-9 with HiGHS). CBC's is known only where it ran to its end.
    """

    capabilities = Capabilities(
        "hindsight", exact=True, exact_with_deadline=True, gives_bound=True, honours_limits=True, takes_start=True
    )

    backend: Backend = "highs"
    """Solver of the mixed-integer programmes: HiGHS, in this process, or CBC, PuLP's own binary."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """See :meth:`solvers.base.Solver.solve`."""
        return solve_by_frames(instance, budget, report, self._improve)

    def _improve(self, search: Search, budget: Budget) -> bool:
        formulation = formulate(search.instance)
        programme = formulation.programme
        if len(programme.air) > 0:
            programme = self._root(formulation, search, budget)
            gap = FIRST_GAP
        else:
            gap = GAP
        while not budget.expired and not search.closed:
            answer = self._round(formulation, programme, search, gap, budget)
            if answer.x is None or not answer.finished:
                return search.closed
            refined = _refined(formulation, programme, answer.x, search)
            if refined is None and gap <= GAP:
                return True
            programme = refined or programme
            gap = max(GAP, min(NARROWER * search.gap, 0.5 * gap))
        return search.closed

    def _root(self, formulation: Formulation, search: Search, budget: Budget) -> Programme:
        """The programme with tangents around the start and at the optima of its linear relaxations."""
        start = formulation.point(search.best)
        programme = around(formulation.programme, start)
        tolerance = ROOT_TOLERANCE * search.cost / max(len(programme.air), 1)
        for _ in range(ROOT_ROUNDS):
            if budget.expired:
                break
            answer = solve_mip(self._task(programme, start, search, GAP, budget, relaxed=True))
            if answer.x is None:
                break
            search.prove(answer.lower_bound)
            short = underestimated(programme, answer.x, tolerance)
            if len(short) == 0:
                break
            programme = with_tangents(programme, short, answer.x[programme.air.share[short]])
        return programme

    def _round(
        self, formulation: Formulation, programme: Programme, search: Search, gap: float, budget: Budget
    ) -> MipAnswer:
        watch = _watching(formulation, search)
        answer = solve_mip(self._task(programme, formulation.point(search.best), search, gap, budget), watch)
        watch(answer.x, answer.lower_bound)
        return answer

    def _task(
        self,
        programme: Programme,
        start: np.ndarray,
        search: Search,
        gap: float,
        budget: Budget,
        relaxed: bool = False,
    ) -> MipTask:
        return MipTask(programme, self.backend, start, search.cost, gap, budget, relaxed)


def _watching(formulation: Formulation, search: Search) -> Watch:
    def watch(x: np.ndarray | None, bound: float) -> None:
        if x is not None:
            search.offer(formulation.solution(x))
        search.prove(bound)

    return watch


def _refined(formulation: Formulation, programme: Programme, x: np.ndarray, search: Search) -> Programme | None:
    """The programme with tangents that tell it what ``x`` costs; None where it knows."""
    air = programme.air
    short = underestimated(programme, x, AIR_TOLERANCE * search.cost)
    if len(short) == 0:
        return None
    found = formulation.solution(x)
    slots = slots_of(formulation.instance, found.cache)
    share = late_bandwidth(slots, found.steps.reshape(slots.request.shape))[slots.active]
    best = np.zeros(len(programme.names))
    best[formulation.columns["b"]] = share
    programme = with_tangents(programme, short, x[air.share[short]])
    return with_tangents(programme, short, best[air.share[short]])
