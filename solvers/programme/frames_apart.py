"""Where loading is free frames are instances of their own: solved one by one and put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from problems.instance import Instance, Trace
from problems.judge import judge, proves_optimal
from problems.prices import Prices
from problems.solution import Solution
from problems.status import Status
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, Report, Silent
from solvers.caching.milp_relaxation import MilpRelaxation
from solvers.programme.search import Search
from solvers.two_timescale import TwoTimescale

Improve = Callable[[Search, Budget], bool]
"""Works on a search until it is closed or the budget's time is over; whether it was completed."""

START = TwoTimescale(MilpRelaxation(), ExactAllocation())
"""Where searches start: quick, feasible, with a bound."""


def solve_by_frames(instance: Instance, budget: Budget, report: Report, improve: Improve) -> Solution:
    """The answer that ``improve`` makes of every part, from the budget's start where that is better than ``START``.

    Each gets an equal share of the time that is left; what others leave over goes to those not finished, as
    long as that is more than they had.
    """
    parts = frames_apart(instance)
    given = [None for _ in parts] if budget.start is None else _cut(budget.start, parts)
    if budget.start is not None:
        report.incumbent(budget.start)
    answers = [
        _better(part, START.solve(part, budget, Silent()), start) for part, start in zip(parts, given, strict=True)
    ]
    whole = _Whole(instance, parts, answers, report)
    whole.say()
    searches = [Search(part, whole.answers[i], _PartReport(whole, i)) for i, part in enumerate(parts)]
    for search, start in zip(searches, given, strict=True):
        if start is not None and not budget.expired:
            search.offer(start)
    complete = [search.closed for search in searches]
    had = [0.0 for _ in parts]
    waiting = [i for i, done in enumerate(complete) if not done]
    while waiting and not budget.expired:
        i = waiting.pop(0)
        share = budget.remaining_s / (len(waiting) + 1)
        if share <= had[i]:
            continue
        had[i] = share
        limit = None if budget.time_limit_s is None else share
        complete[i] = improve(searches[i], Budget(limit, budget.memory_limit_gb, budget.seed))
        if not complete[i]:
            waiting.append(i)
    whole.answers = [search.answer(done) for search, done in zip(searches, complete, strict=True)]
    return whole.signed()


def frames_apart(instance: Instance) -> list[Instance]:
    """One instance a frame; the instance itself where loading costs."""
    if instance.system.load_cost_per_gb > 0 or instance.frames == 1:
        return [instance]
    names = [field.name for field in fields(Trace)]
    traces = (
        Trace(**{name: getattr(instance.trace, name)[t : t + 1] for name in names}) for t in range(instance.frames)
    )
    return [dataclasses.replace(instance, name=f"{instance.name}-{t}", trace=trace) for t, trace in enumerate(traces)]


def _cut(solution: Solution, parts: list[Instance]) -> list[Solution | None]:
    """The decisions for each part."""
    ends = np.cumsum([part.frames for part in parts])[:-1]
    arrays = (np.asarray(solution.cache, bool), solution.bandwidth, np.asarray(solution.steps, np.int64))
    return [Solution(*decisions) for decisions in zip(*(np.split(array, ends) for array in arrays), strict=True)]


def _better(part: Instance, found: Solution, given: Solution | None) -> Solution:
    """The cheaper of both, with what is proved of the part."""
    if given is None or judge(part, given).cost >= judge(part, found).cost:
        return found
    return dataclasses.replace(found, cache=given.cache, bandwidth=given.bandwidth, steps=given.steps)


@dataclass
class _Whole:
    """The parts' answers so far."""

    instance: Instance
    parts: list[Instance]
    answers: list[Solution]
    report: Report

    def say(self) -> None:
        self.report.incumbent(self.solution())
        self.say_bound()

    def say_bound(self) -> None:
        bound = self.bound()
        if bound is not None:
            self.report.bound(bound)

    def bound(self) -> float | None:
        """The parts' bounds on their means, put together; a part without one costs at least 0."""
        if all(answer.lower_bound is None for answer in self.answers):
            return None
        total = sum(
            part.active_requests * (answer.lower_bound or 0.0)
            for part, answer in zip(self.parts, self.answers, strict=True)
        )
        return total / max(self.instance.active_requests, 1)

    def solution(self) -> Solution:
        cache, bandwidth, steps = (
            np.concatenate([getattr(answer, name) for answer in self.answers])
            for name in ("cache", "bandwidth", "steps")
        )
        return Solution(cache, bandwidth, steps)

    def signed(self) -> Solution:
        """The whole solution with bound and status."""
        solution, bound = self.solution(), self.bound()
        status: Status = "feasible"
        if proves_optimal(judge(self.instance, solution).cost, bound):
            status = "optimal"
        elif any(answer.status == "timeout" for answer in self.answers):
            status = "timeout"
        return dataclasses.replace(solution, lower_bound=bound, status=status)


@dataclass(frozen=True)
class _PartReport(Silent):
    """Passes on what is found for one part as an answer to the whole."""

    whole: _Whole
    part: int

    def incumbent(self, solution: Solution) -> None:
        known = self.whole.answers[self.part].lower_bound
        self.whole.answers[self.part] = dataclasses.replace(solution, lower_bound=known)
        self.whole.report.incumbent(self.whole.solution())

    def bound(self, value: float, prices: Prices | None = None) -> None:
        known = self.whole.answers[self.part]
        self.whole.answers[self.part] = dataclasses.replace(known, lower_bound=value)
        self.whole.say_bound()
