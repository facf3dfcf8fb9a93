"""Which cells are the same in two stores."""

from __future__ import annotations

import pandas as pd
import pytest

from problems.io.errors import InputError
from reports.compare.compare import compare
from tests.reports.cells import Row


def test_cells_are_matched_without_their_code_and_counted_where_they_are_not(cells: list[Row]) -> None:
    newer = pd.DataFrame(cells).assign(code_version="f" * 12)
    newer["cell_id"] = "new-" + newer["cell_id"]
    twice = pd.concat([pd.DataFrame(cells), newer.assign(started_at="2026-02-01T00:00:00Z", cost=3.0).iloc[:1]])
    found = compare(twice, newer.iloc[2:])
    assert (found.matched, found.only_before, found.only_after, found.superseded) == (14, 2, 0, 1)
    unlimited = pd.DataFrame(cells).assign(time_limit_s=None)
    assert compare(unlimited, unlimited).matched == 16
    with pytest.raises(InputError, match="no cell in common: 16 cells before, 16 after, none with the same instance"):
        compare(pd.DataFrame(cells), unlimited)
