"""Four solvers, of which two are the same and one is much worse."""

from __future__ import annotations

from collections.abc import Callable

from tests.reports.cells import Row, cell

EXCESS: dict[str, Callable[[int], float]] = {
    "best": lambda _: 0.0,
    "same": lambda _: 0.0,
    "close": lambda n: 0.01 if n % 2 else 0.0,
    "worse": lambda n: 0.2 + 0.01 * n,
}


def rows(instances: int, family: str = "small") -> list[Row]:
    return [
        cell(label, f"{family}-{n}", 2.0 * (1 + excess(n)), family=family, trace_seed=n)
        for n in range(instances)
        for label, excess in EXCESS.items()
    ]
