"""Lower bounds that a feasible cost of the same instance contradicts, whichever cells the two come from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.row import is_answer, is_number
from benchmarks.store import Store
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


def contradictions(
    costs: Sequence[tuple[float, str]], bounds: Sequence[tuple[float, str]]
) -> tuple[Contradiction, ...]:
    """Those of one instance, from judged costs and stated bounds with the labels of their cells."""
    if not costs:
        return ()
    best, label = min(costs)
    return tuple(Contradiction(name, bound, label, best) for bound, name in bounds if not bound_holds(bound, best))


def contradictions_in(store: Store) -> list[tuple[str, Contradiction]]:
    """Those of a whole store with the names of their instances; the bound of an invalid cell is known to be false."""
    rows = store.rows("instance_sha256", "instance", "label", "status", "cost", "lower_bound")
    found = []
    for _, group in rows.groupby("instance_sha256", sort=False):
        cells = group.to_dict("records")
        costs = [(float(c["cost"]), str(c["label"])) for c in cells if is_answer(c["status"], c["cost"])]
        stated = [c for c in cells if c["status"] != "invalid" and is_number(c["lower_bound"])]
        bounds = [(float(c["lower_bound"]), str(c["label"])) for c in stated]
        found += [(str(cells[0]["instance"]), one) for one in contradictions(costs, bounds)]
    return found
