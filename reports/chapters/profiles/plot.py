"""Performance profiles of the time to an answer within 1 % of the best known cost."""

from __future__ import annotations

import pandas as pd

from reports.chapters.profiles.measure import LEAST_S, times_within
from reports.drawing.compact import compacted
from reports.drawing.plot import AxisOf, Plot, Series
from reports.statistics.time_profiles import distribution, performance_ratios
from reports.study.instance_grid import instance_grid
from reports.study.study import Study
from reports.study.summary import scopes_of

CLOSE = 0.01
"""The gap that an answer may have."""


def plot(study: Study) -> Plot:
    """One step function a solver: on how many instances it is at most so many times slower than the fastest."""
    times = times_within(study, CLOSE, study.cells["time_s"])
    cells = study.cells.loc[times.index]
    return Plot(
        "profiles",
        "Performance profiles",
        "The share of instances on which a solver needs at most so many times the time of the fastest solver there to"
        f" an answer within {100 * CLOSE:g} % of the best known cost (Dolan and Moré 2002). Solvers that were tried on"
        " every instance; where one of several repetitions has no such answer the instance does not count. Upper left"
        " is better; where a line ends is the share that is solved so well at all.",
        "lines",
        AxisOf("times the fastest", "log"),
        AxisOf("share of instances, %"),
        {scope: _panel(own, times[own.index]) for scope, own in scopes_of(cells, study.families).items()},
        "No solver has an answer within 1 % of the best known cost, so there is no time to compare.",
        stepped=True,
    )


def _panel(cells: pd.DataFrame, times: pd.Series) -> list[Series]:
    grid = instance_grid(cells, times.clip(lower=LEAST_S))
    if grid.empty:
        return []
    ratios = performance_ratios(grid.to_numpy())
    profiles = [(str(label), distribution(ratios[:, place])) for place, label in enumerate(grid.columns)]
    profiles = [(label, steps) for label, steps in profiles if len(steps.at)]
    profiles.sort(key=lambda profile: (-profile[1].share[-1], profile[1].at[-1], profile[0]))
    return [
        {"solver": label, "x": compacted(steps.at, 4), "y": compacted(100 * steps.share, 4), "complete": True}
        for label, steps in profiles
    ]
