"""What plots show of a few solvers."""

from __future__ import annotations

from typing import Any

from tests.reports.cells import Row, cell


def by_solver(panel: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The series of a panel."""
    return {series["solver"]: series for series in panel}


def few_solvers() -> list[Row]:
    """Two instances: the optimum is 2, the cloud costs 3; the last solver failed on one and did not try the other."""
    rows: list[Row] = []
    for name in ("i", "j"):
        rows += [
            cell("none", name, 3.0, solve_s=0.1),
            cell("exact", name, 2.0, solve_s=1.0, lower_bound=2.0, exact=True),
            cell("close", name, 2.01, solve_s=0.5),
        ]
    return [*rows, cell("broken", "i", None, status="crash")]
