"""The multiple-choice knapsack by dynamic programming in plain Python."""

from __future__ import annotations

import math

Table = list[list[tuple[int, float]]]
"""For every user its options: steps, increasing, and cost."""


def cheapest(table: Table, budget: int) -> float:
    """The least total cost of one option a user within the budget."""
    best = [0.0] * (budget + 1)
    for options in table:
        best = [
            min((best[room - steps] + cost for steps, cost in options if steps <= room), default=math.inf)
            for room in range(budget + 1)
        ]
    return best[budget]
