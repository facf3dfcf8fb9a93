"""Gap against time, and who is on the front."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.chapters.overview.gap_and_time_plot import plot
from reports.study.study import study_of
from tests.reports.plots import by_solver, few_solvers


def test_the_front_holds_those_that_none_beats() -> None:
    panel = by_solver(plot(study_of(pd.DataFrame(few_solvers())).summary).panels["small"])
    assert panel["close"]["y"] == pytest.approx(0.5)
    assert all(panel[label]["front"] for label in ("none", "exact", "close"))
    assert "broken" not in panel
