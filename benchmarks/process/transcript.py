"""What the process of a cell has said so far, each piece judged as it comes in."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple, get_args

import numpy as np

from benchmarks.process.messages import Message, NotASolution, decisions, prices_in
from benchmarks.process.outcome import Event
from problems.instance import Instance
from problems.judge import Verdict, Violation, judge
from problems.prices import Prices
from problems.solution import Solution
from problems.status import Status, Tier
from solvers.base import Learnt

MAX_EVENTS = 10_000
"""Of a stream that improves more often, the last event is overwritten."""


class Failure(NamedTuple):
    """The exception that a solver ended with."""

    cause: str
    """``error``, ``memory``, ``invalid``, ``skipped`` or ``not-installed``."""
    text: str
    """On one line."""
    traceback: str | None = None


class Transcript:
    """The solver's messages taken together, with the judge's costs."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self.started = False
        """Whether the solver has been called."""
        self.tier: Tier | None = None
        self.exact: bool | None = None
        self.incumbent: tuple[Solution, Verdict] | None = None
        """The cheapest feasible one of those streamed."""
        self.claimed: Status | None = None
        """The status that the solver returned; None if it has not returned."""
        self.returned: tuple[Solution, Verdict] | None = None
        """The returned decisions; None too where a bound or an excuse came without any."""
        self.failure: Failure | None = None
        self.solve_s: float | None = None
        self.cpu_s: float | None = None
        self.bound: float | None = None
        """The highest claimed lower bound; may be infinite."""
        self.false: list[Violation] = []
        """False claims in the stream, at most one of a kind."""
        self.learnt: list[Learnt] = []
        """What each agent that it made use of has cost."""
        self.prices: Prices | None = None
        """Those that came last with a bound: its proof, or the most of it."""
        self.micro_solves_s: list[float] = []
        """Times of the micro-solve: before the solver was called and, if it returned, after."""
        self.stalled_s: float | None = None
        self.waited_s: float | None = None
        self.threads: dict[str, int | str | None] | None = None
        self.events: list[Event] = []
        self._gives_bound = False
        self._cheapest = math.inf

    @property
    def complete(self) -> bool:
        """Whether the solver has returned or raised."""
        return self.claimed is not None or self.failure is not None

    def add(self, message: Message) -> None:
        """Take in one message. Raises NotASolution, or ValueError, KeyError or TypeError for nonsense."""
        content = message.content
        match message.kind:
            case "start":
                self.started = True
                self.tier = content["tier"] if content["tier"] in get_args(Tier) else None
                self.exact = bool(content["exact"])
                self._gives_bound = bool(content["gives_bound"])
                self.micro_solves_s.append(float(content["micro_solve_s"]))
                self.threads = dict(content["threads"])
            case "incumbent":
                self._incumbent(message)
            case "bound":
                self._bound(message.seconds, float(content["value"]), prices_in(message.arrays, self._instance))
            case "learnt":
                self.learnt.append(Learnt.of(content))
            case "solution":
                self._solution(message)
                self.micro_solves_s.append(float(content["micro_solve_s"]))
            case "failure":
                self.solve_s = float(content["solve_s"])
                self.failure = Failure(str(content["cause"]), str(content["text"]), _text_or_none(content["traceback"]))
            case _:
                raise ValueError(f"message of kind {message.kind!r}")

    def _incumbent(self, message: Message) -> None:
        solution = _solution_of(message)
        verdict = self._judged(solution)
        if verdict.feasible:
            self._cost(message.seconds, verdict.cost)
            if self.incumbent is None or verdict.cost < self.incumbent[1].cost:
                self.incumbent = solution, verdict
        else:
            first = verdict.violations[0]
            self._note(replace(first, rule="incumbent", message=f"a streamed incumbent: {first.message}"))

    def _solution(self, message: Message) -> None:
        content = message.content
        claimed, bound, objective = content["status"], content["lower_bound"], content["objective"]
        if claimed not in get_args(Status):
            raise NotASolution(f"status: {claimed!r}; must be one of {', '.join(get_args(Status))}")
        if bound is not None:
            self._bound(message.seconds, float(bound), prices_in(message.arrays, self._instance))
        solution = replace(_solution_of(message), status=claimed, objective=_number_or_none(objective))
        verdict = self._judged(solution)
        if verdict.feasible:
            self._cost(message.seconds, verdict.cost)
        if not (_decides_nothing(solution) and (bound is not None or claimed in ("infeasible", "timeout", "memory"))):
            self.returned = solution, verdict
        self.solve_s, self.cpu_s = float(content["solve_s"]), float(content["cpu_s"])
        self.stalled_s, self.waited_s = _number_or_none(content["stalled_s"]), _number_or_none(content["waited_s"])
        self.claimed = claimed

    def _judged(self, solution: Solution) -> Verdict:
        decisions(solution, self._instance)
        return judge(self._instance, solution)

    def _bound(self, seconds: float, value: float, prices: Prices | None) -> None:
        if not self._gives_bound:
            message = "states a lower bound, which its capabilities do not promise"
            self._note(Violation("claim.capabilities", "lower_bound", None, message))
        elif math.isnan(value):
            self._note(Violation("claim.lower_bound", "lower_bound", None, "claims the bound NaN"))
        else:
            self.prices = prices or self.prices
            if value > (-math.inf if self.bound is None else self.bound):
                self.bound = value
                if math.isfinite(value):
                    self._event(Event(seconds, "bound", value))

    def _cost(self, seconds: float, value: float) -> None:
        if value < self._cheapest:
            self._cheapest = value
            self._event(Event(seconds, "cost", value))

    def _event(self, event: Event) -> None:
        if len(self.events) == MAX_EVENTS:
            self.events.pop()
        self.events.append(event)

    def _note(self, violation: Violation) -> None:
        if violation.rule not in [noted.rule for noted in self.false]:
            self.false.append(violation)


def _solution_of(message: Message) -> Solution:
    arrays = message.arrays
    return Solution(arrays["cache"], arrays["bandwidth"], arrays["steps"])


def _number_or_none(value: Any) -> float | None:
    return None if value is None else float(value)


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)


def _decides_nothing(solution: Solution) -> bool:
    arrays = (solution.cache, solution.bandwidth, solution.steps)
    return all(array.dtype.kind == "f" and np.isnan(array).all() for array in arrays)
