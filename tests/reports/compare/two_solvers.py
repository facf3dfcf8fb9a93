"""Two stores of two solvers."""

from __future__ import annotations

import pandas as pd

from tests.reports.cells import Row, cell

INSTANCES = [f"i{number}" for number in range(8)]


def two_solvers() -> list[Row]:
    """Two solvers on eight instances: an optimum of 2 and a heuristic 10 % above, a second and two."""
    rows = []
    for instance in INSTANCES:
        best = {"status": "optimal", "proved": True, "lower_bound": 2.0, "solve_s": 2.0}
        rows += [cell("exact", instance, 2.0, **best), cell("quick", instance, 2.2, solve_s=1.0)]
    return rows


def changed(cells: list[Row], label: str, count: int = len(INSTANCES), **columns: object) -> pd.DataFrame:
    """The rows with other values in the first ``count`` of a solver's."""
    mine = [row["cell_id"] for row in cells if row["label"] == label][:count]
    return pd.DataFrame([row | columns if row["cell_id"] in mine else row for row in cells])
