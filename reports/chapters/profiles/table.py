"""Tables: how many instances solvers answer within a gap, and how fast."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from reports.chapters.profiles.measure import Profile, within
from reports.statistics.means import TIME_SHIFT_S, shifted_geometric_mean
from reports.writing.numbers import MISSING, counted, significant
from reports.writing.table import Column, Table

METHOD = (
    "The time to a gap is that of the first answer, returned or on the way, whose judged cost lies within the gap of "
    "the best known cost; a solver whose last answer does not never reached it. Of several repetitions the mean "
    "counts, and all must reach the gap. Only solvers that were tried on every instance take part. A performance "
    "profile compares with the fastest of those that take part, so it may change with them; a data profile and the "
    "times do not."
)


def profiles_table(profile: Profile) -> Table:
    """The solvers, those that reach the gap most often and then soonest first."""
    rows = [_row(profile, place) for place in range(len(profile.labels))]
    data = pd.DataFrame(rows).sort_values(["reached", "half_s", "label"], ascending=[False, True, True], kind="stable")
    columns = (
        Column("solver", lambda r: r.label, "label"),
        Column("reached on", lambda r: f"{r.reached} of {r.instances}", "number"),
        Column("fastest on", lambda r: str(r.fastest), "number"),
        Column("mean time where reached, s", lambda r: significant(r.mean_s), "number"),
        Column("half of all instances by, s", lambda r: _reached(r.half_s), "number"),
        Column("half by request, s", lambda r: _reached(r.half_by_request_s), "number"),
        Column("half within times the fastest", lambda r: _reached(r.half_ratio), "number"),
    )
    caption = (
        f"Answers {within(profile.target)} on {counted(profile.instances, 'instance')}, {profile.certified} of them "
        f"with a certified optimum. Mean time: geometric, shifted by {TIME_SHIFT_S:g} s. {MISSING} less than half."
    )
    title = f"Answers {within(profile.target)}"
    return Table("profiles", title, caption, data, columns)


def _row(profile: Profile, place: int) -> dict[str, object]:
    times = profile.times_s[:, place]
    reached = np.isfinite(times)
    return {
        "target_gap": profile.target,
        "label": profile.labels[place],
        "instances": profile.instances,
        "reached": int(reached.sum()),
        "fastest": int((profile.ratios[:, place] == 1).sum()),
        "mean_s": shifted_geometric_mean(times[reached]),
        "half_s": _half(times),
        "half_by_request_s": _half(profile.times_by_request_s[:, place]),
        "half_ratio": _half(profile.ratios[:, place]),
    }


def _half(values: np.ndarray) -> float:
    """The value that half of them do not exceed; infinite where fewer are finite."""
    return float(np.sort(values)[(len(values) - 1) // 2])


def _reached(value: float) -> str:
    return MISSING if math.isinf(value) else significant(value)
