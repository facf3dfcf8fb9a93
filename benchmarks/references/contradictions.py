"""Lower bounds that a feasible cost of the same instance contradicts, whichever cells the two come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from problems.judge import bound_holds


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


def contradictions(cost: float, cost_label: str, bounds: Sequence[tuple[float, str]]) -> tuple[Contradiction, ...]:
    """Those of one instance, from its lowest judged cost and all stated bounds with the labels of their cells."""
    return tuple(Contradiction(name, bound, cost_label, cost) for bound, name in bounds if not bound_holds(bound, cost))
