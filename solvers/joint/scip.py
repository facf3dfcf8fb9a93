"""The whole programme by SCIP, air times and all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from problems.instance import Instance
from problems.solution import Solution
from solvers.base import Budget, Capabilities, Report, Solver
from solvers.extras import require
from solvers.programme.air_tangents import around
from solvers.programme.formulation import Formulation, formulate
from solvers.programme.frames_apart import solve_by_frames
from solvers.programme.scip_model import library, scip_model
from solvers.programme.search import Search
from solvers.quiet import printing_dropped

require("scip")

GAP = 1e-7
"""Relative: where SCIP stops."""
FEASIBILITY = 1e-7
"""SCIP's tolerance of rows and reduced costs."""
MARGIN = 3e-7
"""Relative to the cost: taken off SCIP's bound for its gap and its tolerances."""


@dataclass(frozen=True)
class Scip(Solver):
    """The optimum with a proof where SCIP finishes, deadline included, by branch and cut (Bestuzheva et al., 2023).

    With a price of lateness it is SCIP's nonlinear programme; without one bandwidth is a constant and what is left
    linear. Starts from the caches of the linear relaxation; every cache that SCIP finds is completed by the exact
    allocation. Where loading is free frames are solved one by one. The lower bound is SCIP's less 3e-7 of
    the cost. Where SCIP fails, as it may on extreme gains, what it had found counts.
    """

    capabilities = Capabilities(
        "hindsight", exact=True, exact_with_deadline=True, gives_bound=True, honours_limits=True, takes_start=True
    )

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """See :meth:`solvers.base.Solver.solve`."""
        return solve_by_frames(instance, budget, report, _improve)


def _improve(search: Search, budget: Budget) -> bool:
    formulation = formulate(search.instance)
    start = formulation.point(search.best)
    model, variables = scip_model(around(formulation.programme, start))
    _start(model, variables, start)
    model.setParams(
        {
            "limits/gap": GAP,
            "numerics/feastol": FEASIBILITY,
            "numerics/dualfeastol": FEASIBILITY,
            "lp/threads": 1,
            "misc/catchctrlc": False,
        }
    )
    watcher = _watcher(formulation, search, variables)
    model.includeEventhdlr(watcher, "t2bench", "passes on incumbents and bounds")
    if budget.time_limit_s is not None:
        model.setParam("limits/time", max(budget.remaining_s, 0.0))
    try:
        with printing_dropped():
            model.optimize()
    except Exception as error:
        if not str(error).startswith("SCIP:"):  # PySCIPOpt has no class for SCIP's own failures
            raise
        return True
    watcher.look(model)
    return model.getStatus() in ("optimal", "gaplimit")


def _start(model: Any, variables: list[Any], x: np.ndarray) -> None:
    start = model.createSol()
    for variable, value in zip(variables, x.tolist(), strict=True):
        model.setSolVal(start, variable, value)
    model.addSol(start)


def _watcher(formulation: Formulation, search: Search, variables: list[Any]) -> Any:
    """An event handler that passes on what SCIP finds."""
    scip = library()
    events = (scip.SCIP_EVENTTYPE.BESTSOLFOUND, scip.SCIP_EVENTTYPE.NODESOLVED)

    class Watcher(scip.Eventhdlr):  # type: ignore[misc, name-defined]
        def eventinit(self) -> None:
            for event in events:
                self.model.catchEvent(event, self)

        def eventexit(self) -> None:
            for event in events:
                self.model.dropEvent(event, self)

        def eventexec(self, event: Any) -> None:
            if event.getType() == scip.SCIP_EVENTTYPE.BESTSOLFOUND:
                self.look(self.model)
            else:
                self.prove(self.model)

        def look(self, model: Any) -> None:
            """Take the best solution and the bound."""
            if model.getNSols() > 0:
                best = model.getBestSol()
                search.offer(formulation.solution(np.array([model.getSolVal(best, var) for var in variables])))
            self.prove(model)

        def prove(self, model: Any) -> None:
            """Take the bound."""
            bound = model.getDualbound()
            if abs(bound) < model.infinity():
                search.prove(bound - MARGIN * search.cost)

    return Watcher()
