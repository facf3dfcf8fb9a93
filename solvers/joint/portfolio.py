"""Several exact solvers on one instance: the first proof counts."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing.connection import wait

import numpy as np

from problems.instance import Instance
from problems.judge import bound_holds, judge, proves_optimal
from problems.prices import Prices
from problems.solution import Solution
from problems.status import Status
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, Capabilities, Report, Silent, Solver, Unsuitable
from solvers.caching.branch_and_bound import BranchAndBound
from solvers.extras import missing
from solvers.programme.frames_apart import START
from solvers.programme.rival import Message, Rival, Task
from solvers.two_timescale import TwoTimescale

RIVALS = ("branch-and-bound", "milp", "scip")


@dataclass(frozen=True)
class Portfolio(Solver):
    """The optimum with a proof, deadline included, wherever ``branch-and-bound``, ``milp`` or ``scip`` finishes.

    ``branch-and-bound`` has the machine for itself first, which mostly suffices. What it leaves open the three race
    for, each in a process of its own and from the best answer so far; ``scip`` where it is installed. The best answer
    and the highest bound count, whoever found them, and where they meet the others are stopped: no process
    outlives the answer, nor the one that waits for it. The cost is the same every time to the relative 1e-6 of a
    proof; which of several answers so close together it is may depend on who was faster. A race wants three
    cores, and the memory of three solvers.
    """

    capabilities = Capabilities(
        "hindsight", exact=True, exact_with_deadline=True, gives_bound=True, honours_limits=True, takes_start=True
    )

    head_start_s: float = 2.0
    """Seconds for ``branch-and-bound`` alone, >= 0; at most a quarter of the time limit."""

    def __post_init__(self) -> None:
        if not self.head_start_s >= 0:
            raise ValueError(f"head_start_s: {self.head_start_s}; must be >= 0")

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        """See :meth:`solvers.base.Solver.solve`."""
        best = _Best(instance, report)
        if budget.start is not None:
            best.incumbent(budget.start)
        limit_s = self.head_start_s if budget.time_limit_s is None else min(self.head_start_s, budget.time_limit_s / 4)
        alone = Budget(limit_s, budget.memory_limit_gb, budget.seed)
        try:
            first = TwoTimescale(BranchAndBound(), ExactAllocation()).solve(instance, alone, best)
        except Unsuitable:
            first = START.solve(instance, alone, best)
        best.hear(("answer", first))
        if not best.proved and not budget.expired:
            _race(instance, budget, best)
        return best.answer(budget)


def _race(instance: Instance, budget: Budget, best: _Best) -> None:
    """Let the rivals run until one has the proof, the time is over, or all have said what they had to say."""
    best.cut_short = False
    names = [name for name in RIVALS if name != "scip" or missing("scip") is None]
    with ExitStack() as stack:
        listening = {rival.says: rival for rival in [stack.enter_context(Rival(name)) for name in names]}
        for rival in listening.values():
            limit_s = None if budget.time_limit_s is None else budget.remaining_s
            rival.ask(Task(rival.solver, instance, limit_s, budget.memory_limit_gb, budget.seed, best.solution))
        while listening and not best.proved and not budget.expired:
            for says in wait(listening, None if budget.time_limit_s is None else budget.remaining_s):
                message = listening[says].next()  # type: ignore[index]
                if message is None:
                    del listening[says]  # type: ignore[arg-type]
                else:
                    best.hear(message)


class _Best(Silent):
    """The best answer and the highest bound so far; a report for whoever runs here."""

    def __init__(self, instance: Instance, report: Report) -> None:
        self.solution: Solution | None = None
        self.cut_short = False
        self._instance, self._report = instance, report
        self._cost, self._bound = np.inf, -np.inf
        self._prices: Prices | None = None

    @property
    def proved(self) -> bool:
        """Whether the bound has reached the cost."""
        return proves_optimal(self._cost, self._bound)

    def incumbent(self, solution: Solution) -> None:
        """Keep it if it is feasible and cheaper than what is known."""
        verdict = judge(self._instance, solution)
        if verdict.feasible and verdict.cost < self._cost:
            self.solution, self._cost = solution, verdict.cost
            self._report.incumbent(solution)

    def bound(self, value: float, prices: Prices | None = None) -> None:
        """Keep it if it is higher and does not contradict what is known; prices, until there are other ones."""
        if value > self._bound and bound_holds(value, self._cost):
            self._bound, self._prices = value, prices or self._prices
            self._report.bound(value, prices)

    def hear(self, message: Message) -> None:
        """Take what a rival says."""
        if message[0] == "bound":
            self.bound(message[1], message[2])
            return
        self.incumbent(message[1])
        self.cut_short |= message[0] == "answer" and message[1].status == "timeout"
        if message[1].lower_bound is not None:
            self.bound(message[1].lower_bound, message[1].prices)

    def answer(self, budget: Budget) -> Solution:
        """The best solution with what is proved of it."""
        assert self.solution is not None
        status: Status = "optimal" if self.proved else "timeout" if self.cut_short or budget.expired else "feasible"
        bound = None if self._bound == -np.inf else float(min(self._bound, self._cost))
        return replace(self.solution, lower_bound=bound, status=status, prices=self._prices)
