"""Solvers on the instances that all of them tried."""

from __future__ import annotations

import numpy as np

from reports.study.instance_grid import instance_grid
from tests.reports.cells import cell, study_from


def test_a_row_an_instance_and_a_column_a_solver_that_tried_all() -> None:
    rows = [cell("a", "i", 1.0), cell("a", "i", 3.0, repetition=1), cell("a", "j", 4.0), cell("b", "i", 5.0)]
    rows += [cell("c", "i", 6.0), cell("c", "j", None, status="skipped"), cell("d", "i", 7.0)]
    rows += [cell("d", "j", None, status="crash")]
    cells = study_from(rows).cells
    grid = instance_grid(cells, cells["cost"].where(cells["solved"], np.inf))
    assert grid.columns.tolist() == ["a", "d"]
    assert grid.loc["sha-of-i"].tolist() == [2.0, 7.0]
    assert grid.loc["sha-of-j"].tolist() == [4.0, np.inf]
