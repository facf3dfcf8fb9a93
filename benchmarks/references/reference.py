"""What every instance is measured against: its optimum or the interval that holds it, and the cloud's cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

from benchmarks.process.outcome import COMPLETE, is_answer, is_number
from problems.judge import bound_holds, proves_optimal
from problems.tolerances import OBJECTIVE_TOLERANCE

CLOUD_SOLVERS = ("none", "none+exact")
"""The solvers whose judged cost is J_cloud: an empty cache with the best bandwidth."""
ENUMERATORS = ("brute-force",)
"""The exact methods that try everything there is, and share nothing with the others."""

Numbers = float | np.ndarray | None
"""One number or many; None and NaN are unknown."""

Source = Literal["enumerated", "two provers agree", "proved", "best known", "bound alone", "nothing"]
"""What a reference rests on, from the surest to the least: an enumeration proved the value optimal; several exact
methods did, each its own answer; some bound did; it is the lowest cost that was judged; only a bound is known; nothing
is."""


@dataclass(frozen=True)
class Answer:
    """What one cell says of its instance."""

    label: str
    solver: str
    exact: bool
    """Whether the solver promises proofs of optimality."""
    cost: float | None
    """The judged cost of a feasible solution; None without one."""
    bound: float | None
    """A lower bound of a cell that is not invalid; None without one."""
    complete: bool
    """Whether the solver ended by itself, not by a limit."""
    shipped: bool = False
    """Whether the shipped table says it, not a cell."""

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """What a row of a store says, as far as the judge lets it."""
        status, cost, bound = row["status"], row["cost"], row["lower_bound"]
        return cls(
            label=str(row["label"]),
            solver=str(row["solver"]),
            exact=row["exact"] in (True, 1),
            cost=float(cost) if is_answer(status, cost) else None,
            bound=float(bound) if is_number(bound) and status != "invalid" else None,
            complete=status in COMPLETE,
        )

    @property
    def method(self) -> str:
        """What the proof rests on: pairs that share a caching strategy share its bound."""
        return self.solver.partition("+")[0]


@dataclass(frozen=True)
class Contradiction:
    """A lower bound above a feasible judged cost. The judge vouches for the cost, so the bound is false."""

    label: str
    bound: float
    cost_label: str
    cost: float

    @property
    def excess(self) -> float:
        """By how much the bound exceeds the cost, relative to the cost."""
        return (self.bound - self.cost) / abs(self.cost) if self.cost else math.inf


@dataclass(frozen=True)
class Reference:
    """The references of one instance."""

    best_cost: float | None = None
    """The lowest judged cost; J_off where :attr:`certified`."""
    best_label: str | None = None
    best_bound: float | None = None
    """The highest lower bound that no judged cost contradicts; costs are positive, so only a positive one."""
    bound_label: str | None = None
    provers: tuple[str, ...] = ()
    """Labels whose own bound proves ``best_cost`` optimal to the contract's tolerance, one for each method."""
    agreeing: int = 0
    """How many different exact methods each proved their own answer: two or more confirm one another."""
    enumerated: bool = False
    """Whether one of these was an enumeration."""
    cloud_cost: float | None = None
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def certified(self) -> bool:
        """Whether ``best_cost`` is the certified optimum."""
        return bool(self.provers)

    @property
    def source(self) -> Source:
        """What the reference rests on, in a word."""
        if self.best_cost is None:
            return "nothing" if self.best_bound is None else "bound alone"
        if not self.certified:
            return "best known"
        if self.enumerated:
            return "enumerated"
        return "two provers agree" if self.agreeing > 1 else "proved"

    @property
    def provenance(self) -> str:
        """In words: who proved it, or what is known instead."""
        if self.best_cost is None:
            return "no feasible answer" + (f"; bound by {self.bound_label}" if self.bound_label else "")
        if not self.certified:
            bound = f"bound by {self.bound_label}" if self.bound_label else "no bound"
            return f"not certified: best cost by {self.best_label}, {bound}"
        proved = f"proved by {', '.join(self.provers)}"
        if self.agreeing < 2:
            return proved
        among = " among them" if self.agreeing < len(self.provers) else ""
        return f"{proved}; {count_word(self.agreeing)} exact methods{among} agree"

    @property
    def stake(self) -> float | None:
        """What there is to gain over the cloud as far as is known; None where that is nothing or unknown."""
        if self.cloud_cost is None or self.best_cost is None:
            return None
        stake = self.cloud_cost - self.best_cost
        return stake if stake > OBJECTIVE_TOLERANCE * abs(self.cloud_cost) else None

    def gap(self, cost: float) -> tuple[float, float]:
        """The gap of one cost, as the function :func:`gap` has it for many."""
        assert self.best_cost is not None, "a cost was judged on this instance, so a best one is known"
        low, high = gap(cost, self.best_cost, self.best_bound, self.certified)
        return float(low), float(high)

    def captured(self, cost: float) -> tuple[float, float] | None:
        """The captured gain of one cost, as :func:`captured_gain` has it for many; None where that is unknown."""
        low, high = captured_gain(cost, self.cloud_cost, self.best_cost, self.best_bound, self.certified)
        return None if np.isnan(low) else (float(low), float(high))


def gap(
    cost: Numbers, best_cost: Numbers, best_bound: Numbers, certified: bool | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The gap of each cost, a fraction, as the interval that holds it: its two ends.

    All may be single or of one shape; None and NaN are unknown. One number where ``certified`` says that the best cost
    is the optimum; else from the gap to the best known cost to the gap to the best bound, which is infinite without a
    bound. Each is (J - J*) / J*, as :func:`problems.judge.optimality_gap` has it.
    """
    costs, best, bound = (np.asarray(values, dtype=float) for values in (cost, best_cost, best_bound))
    with np.errstate(divide="ignore", invalid="ignore"):
        low = _relative(costs, best)
        high = np.where(certified, low, np.where(np.isnan(bound), np.inf, _relative(costs, bound)))
    return low, high


def captured_gain(
    cost: Numbers, cloud_cost: Numbers, best_cost: Numbers, best_bound: Numbers, certified: bool | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The captured gain of each cost, a fraction, as the interval that holds it: its two ends.

    As :func:`gap`. NaN where the cloud's cost is unknown, or where there is nothing to gain or no bound says how much
    there is. Each is (J_cloud - J) / (J_cloud - J_off), as :func:`problems.judge.captured_gain` has it.
    """
    costs, cloud, best, bound = (
        np.asarray(values, dtype=float) for values in (cost, cloud_cost, best_cost, best_bound)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = _gained(costs, cloud, best), _gained(costs, cloud, np.where(certified, best, bound))
    return np.minimum(*ends), np.maximum(*ends)


def _relative(cost: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return np.where((reference == 0) & (cost == 0), 0.0, (cost - reference) / reference)


def _gained(cost: np.ndarray, cloud: np.ndarray, offline: np.ndarray) -> np.ndarray:
    possible = cloud - offline
    return np.where(possible > OBJECTIVE_TOLERANCE * np.abs(cloud), (cloud - cost) / possible, np.nan)


def reference_of(answers: Sequence[Answer]) -> Reference:
    """The references that the cells of one instance establish together."""
    judged = [(a.cost, a.shipped, a.label) for a in answers if a.cost is not None]
    best_cost, _, best_label = min(judged, default=(None, False, None))
    stated = [(answer.bound, answer.label) for answer in answers if answer.bound is not None]
    sound = [
        a
        for a in answers
        if a.bound is not None and a.bound > 0 and (best_cost is None or bound_holds(a.bound, best_cost))
    ]
    bounds = [(answer.bound, answer.label) for answer in sound if answer.bound is not None]
    top = max((bound for bound, _ in bounds), default=None)
    proofs = [answer for answer in sound if best_cost is not None and proves_optimal(best_cost, answer.bound)]
    own_proofs = {a.method for a in proofs if a.exact and a.cost is not None and proves_optimal(a.cost, a.bound)}
    cloud = [a.cost for a in answers if a.solver in CLOUD_SOLVERS and a.complete and a.cost is not None]
    return Reference(
        best_cost=best_cost,
        best_label=best_label,
        best_bound=top,
        bound_label=min((label for bound, label in bounds if bound == top), default=None),
        provers=_one_for_each_method(proofs),
        agreeing=len(own_proofs),
        enumerated=not own_proofs.isdisjoint(ENUMERATORS),
        cloud_cost=min(cloud, default=None),
        contradictions=() if best_cost is None or best_label is None else _false(stated, best_cost, best_label),
    )


def _false(stated: Sequence[tuple[float, str]], cost: float, cost_label: str) -> tuple[Contradiction, ...]:
    """Of all stated bounds, with the labels of their cells, those that a feasible cost contradicts."""
    return tuple(
        Contradiction(label, bound, cost_label, cost) for bound, label in stated if not bound_holds(bound, cost)
    )


def _one_for_each_method(proofs: Sequence[Answer]) -> tuple[str, ...]:
    """The label of each method: that of a cell first, of an exact solver first, else the shortest."""
    chosen: dict[str, str] = {}
    for answer in sorted(proofs, key=lambda a: (a.shipped, not a.exact, len(a.label), a.label)):
        chosen.setdefault(answer.method, answer.label)
    return tuple(sorted(chosen.values()))


def count_word(number: int) -> str:
    """A small number as a word."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[number] if number < len(words) else str(number)
