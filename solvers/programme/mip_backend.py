"""A programme's linear part by HiGHS or CBC through PuLP, watched while it runs."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import pulp

from solvers.base import Budget
from solvers.frame.linear_program import Backend
from solvers.programme.programme import Programme
from solvers.programme.pulp_model import pulp_model
from solvers.quiet import standard_output_dropped

TOLERANCE = 1e-7
"""Relative to the cost: taken off every bound, beside the gap, for the feasibility tolerances of the solvers."""
FEASIBILITY = 1e-9
"""The tolerances that HiGHS is given in place of its 1e-6 and 1e-7."""

Watch = Callable[[np.ndarray | None, float], None]
"""Called with an integer point (V,) or None, and a certified lower bound or ``-inf``, while the solver runs."""


@dataclass(frozen=True, eq=False)
class MipTask:
    """What to solve and how far."""

    programme: Programme
    backend: Backend
    start: np.ndarray | None
    """(V,): a feasible point, or None."""
    scale: float
    """The cost that tolerances are relative to."""
    gap: float
    """Relative to ``scale``: where to stop."""
    budget: Budget
    """Its time limit is where to stop."""
    relaxed: bool = False
    """Leave out integrality."""

    @property
    def margin(self) -> float:
        """What a solver's bound may exceed the optimum by: branches within the gap are dropped, and tolerances."""
        return (self.gap + TOLERANCE) * self.scale


@dataclass(frozen=True, eq=False)
class MipAnswer:
    """What came out."""

    x: np.ndarray | None
    """(V,), or None where no point was found."""
    lower_bound: float
    """On the objective with its constant; ``-inf`` where the solver states none."""
    finished: bool
    """Solved to the gap."""


def solve_mip(task: MipTask, watch: Watch | None = None) -> MipAnswer:
    """The optimum of the linear part to the gap, or what is known when the time is over. One thread.

    HiGHS 1.16 can take a start for a better point than it is, and end with the start as its optimum at a
    value that it has not; it then runs again without it.
    """
    answer = _solve(task, watch)
    if answer.x is None or not answer.finished or task.start is None or task.relaxed:
        return answer
    misled = task.programme.value(answer.x) > answer.lower_bound + 2.0 * task.margin
    return _solve(replace(task, start=None), watch) if misled else answer


def _solve(task: MipTask, watch: Watch | None) -> MipAnswer:
    problem, variables = pulp_model(task.programme)
    with warnings.catch_warnings():
        # PuLP 3.3 announces the interface of PuLP 4 by warnings.
        warnings.simplefilter("ignore", DeprecationWarning)
        solver = _cbc(task, variables) if task.backend == "cbc" else _Highs(task, variables, watch)
        try:
            problem.solve(solver)
        except pulp.PulpSolverError:
            return MipAnswer(None, -np.inf, finished=False)
    finished = problem.sol_status == pulp.LpSolutionOptimal
    x = None
    if problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        x = np.array([variable.varValue or 0.0 for variable in variables])
    if isinstance(solver, _Highs):
        return MipAnswer(x, solver.certified(problem.solverModel), finished)
    # CBC's files hold no bound of a search that was stopped.
    bound = task.programme.value(x) - task.margin if finished and x is not None else -np.inf
    return MipAnswer(x, bound, finished)


def _cbc(task: MipTask, variables: list[pulp.LpVariable]) -> Any:
    warm = task.start is not None and not task.relaxed
    if task.start is not None and warm:
        for variable, value in zip(variables, task.start.tolist(), strict=True):
            variable.setInitialValue(value, check=False)
    return pulp.PULP_CBC_CMD(
        mip=not task.relaxed,
        msg=False,
        threads=1,
        timeLimit=None if task.budget.time_limit_s is None else task.budget.remaining_s,
        gapAbs=task.gap * task.scale,
        gapRel=0.0,
        warmStart=warm,
    )


class _Highs(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS in this process, started from a point and watched."""

    def __init__(self, task: MipTask, variables: list[pulp.LpVariable], watch: Watch | None) -> None:
        # Not threads=1: HiGHS fails where its scheduler has been started with another number in this process.
        super().__init__(
            mip=not task.relaxed,
            msg=False,
            gapAbs=task.gap * task.scale,
            gapRel=0.0,
            parallel="off",
            primal_feasibility_tolerance=FEASIBILITY,
            dual_feasibility_tolerance=FEASIBILITY,
            mip_feasibility_tolerance=FEASIBILITY,
        )
        self.task = task
        self.variables = variables
        self.watch = watch

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:
        """Without the banner that highspy 1.16 prints when it is made, before it can be told to be quiet."""
        with standard_output_dropped():
            super().createAndConfigureSolver(lp)

    def callSolver(self, lp: pulp.LpProblem) -> None:
        """Run from the start point."""
        model = lp.solverModel
        if self.task.budget.time_limit_s is not None:
            model.setOptionValue("time_limit", self.task.budget.remaining_s)
        if not self.task.relaxed:
            self._start(model)
            if self.watch is not None:
                model.setCallback(self._called, None)
                model.startCallback(highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution)
                model.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
        model.run()

    def _start(self, model: Any) -> None:
        """Give the start, if it is feasible: HiGHS would mend it by a run whose bounds are not the programme's."""
        programme, x = self.task.programme, self.task.start
        if x is not None and programme.broken(x) <= 0.5 * FEASIBILITY:
            values = np.empty(len(x))
            values[self._places] = x
            solution = highspy.HighsSolution()
            solution.col_value = values.tolist()
            model.setSolution(solution)

    @property
    def _places(self) -> list[int]:
        """(V,): where HiGHS has the programme's columns; PuLP sorts them by name."""
        return [variable.index for variable in self.variables]

    def _called(self, kind: Any, _message: str, out: Any, _into: Any, _data: Any) -> None:
        assert self.watch is not None
        bound = self._bound(out.mip_dual_bound)
        if kind == highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution:
            self.watch(np.array(out.mip_solution)[self._places], bound)
        else:
            self.watch(None, bound)

    def certified(self, model: Any) -> float:
        """The bound of a run that has ended."""
        if self.task.relaxed:
            optimal = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            return self._bound(model.getObjectiveValue()) if optimal else -np.inf
        return self._bound(model.getInfo().mip_dual_bound)

    def _bound(self, value: float) -> float:
        return value + self.task.programme.constant - self.task.margin if np.isfinite(value) else -np.inf
