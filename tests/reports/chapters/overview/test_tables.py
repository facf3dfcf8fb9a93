"""The tables of solvers."""

from __future__ import annotations

import pandas as pd

from reports.chapters.overview.tables import solver_tables
from reports.study.study import study_of


def test_the_solver_tables_hold_every_solver_and_mark_incomplete_means(busy: pd.DataFrame) -> None:
    study = study_of(busy)
    tables = solver_tables(study)
    assert [table.title for table in tables] == ["Solvers", "Solvers on tiny", "Solvers on small", "Solvers on drift"]
    overall = {row[0]: row for row in tables[0].rows()}
    assert overall.keys() == set(busy["label"])
    gap = [column.heading for column in tables[0].columns].index("mean gap, %")
    assert overall["lfu"][gap].endswith("†")
    assert not overall["static"][gap].endswith("†")
    assert "†" in tables[0].caption
    assert "†" not in tables[2].caption
