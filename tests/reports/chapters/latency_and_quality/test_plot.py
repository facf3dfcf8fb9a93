"""The plot of latency against quality."""

from __future__ import annotations

import pandas as pd

from reports.chapters.latency_and_quality.plot import plot
from reports.study.study import study_of
from tests.reports.plots import by_solver, few_solvers


def test_latency_and_quality_are_the_means() -> None:
    panel = by_solver(plot(study_of(pd.DataFrame(few_solvers())).summary).panels["small"])
    assert (panel["close"]["x"], panel["close"]["y"]) == (2.01, 30)
