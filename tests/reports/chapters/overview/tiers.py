"""Solvers of several tiers on several traces."""

from __future__ import annotations

from tests.reports.cells import Row, cell

OFFSETS = (-0.02, 0.0, 0.01, 0.02)
"""What makes traces differ, as shares of the optimum."""


def several(label: str, cost: float, luck: float = 0.0, **columns: object) -> list[Row]:
    """One answer on each of four traces of two scenarios; ``luck`` is how much the traces differ."""
    return [
        cell(label, f"s{s}-t{t}", cost + luck * offset, scenario_seed=s, trace_seed=t, **columns)
        for s in range(2)
        for t, offset in enumerate(OFFSETS)
    ]


def rows_of_tiers() -> list[Row]:
    """The optimum is 2 and the cloud costs 3; online ``near`` is 1 % off, ``far`` 10 %, ``close`` hardly worse."""
    online = {"tier": "online-model-based"}
    return [
        *several("none", 3.0, tier="online-model-free"),
        *several("exact", 2.0, lower_bound=2.0, exact=True, solve_s=0.1),
        *several("slow", 2.0, lower_bound=2.0, exact=True, solve_s=0.3),
        *several("near", 2.02, 0.1, **online),
        *several("close", 2.021, -0.1, **online),
        *several("far", 2.2, 0.1, **online),
    ]
