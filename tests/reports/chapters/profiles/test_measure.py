"""Times to a gap from anytime curves."""

from __future__ import annotations

import math

import pandas as pd

from reports.chapters.profiles.measure import profiles_of
from reports.study.study import study_of
from tests.reports.cells import cell, study_from
from tests.reports.chapters.profiles.race import rows


def test_times_are_those_of_the_first_answer_within_the_gap() -> None:
    wide, narrow, optimum = profiles_of(study_of(pd.DataFrame(rows())))
    assert wide.labels == ["broken", "quick", "sure"]
    assert wide.times_s[0].tolist() == [math.inf, 0.02, 0.1]
    assert narrow.times_s[0].tolist() == [math.inf, math.inf, 1.0]
    assert optimum.times_s[0].tolist() == [math.inf, math.inf, 1.0]
    assert wide.ratios[0].tolist() == [math.inf, 1.0, 5.0]
    assert wide.times_by_request_s[0, 1] == 0.02 / 8
    assert (wide.instances, wide.certified) == (6, 6)


def test_a_repetition_that_misses_the_gap_counts() -> None:
    made = rows()
    made.append(cell("quick", "i0", 3.0, events="[]", repetition=1, seed=1))
    wide, *_ = profiles_of(study_from(made))
    assert wide.times_s[:, 1].tolist() == [math.inf, *[0.02] * 5]
