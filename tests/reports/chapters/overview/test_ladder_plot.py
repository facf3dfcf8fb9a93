"""The ladder between the cloud and hindsight."""

from __future__ import annotations

import pandas as pd

from reports.chapters.overview.ladder_plot import plot
from reports.study.study import study_of
from tests.reports.plots import few_solvers


def test_the_ladder_runs_from_the_cloud_to_hindsight() -> None:
    drawn = plot(study_of(pd.DataFrame(few_solvers())).summary)
    panel = drawn.panels["small"]
    assert [(series["solver"], series["x"]) for series in panel] == [("exact", 100), ("close", 99), ("none", 0)]
