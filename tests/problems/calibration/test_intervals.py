"""How often the intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from problems.calibration.intervals import quality_intervals, time_intervals
from problems.calibration.quality_fit import QualitySearch
from problems.calibration.time_fit import TimeLine
from tests.problems.calibration.support import STEPS, TRUTH, made_up

TRIALS = 1000


@pytest.mark.slow
def test_the_intervals_cover_the_truth_in_93_to_97_per_cent_of_trials() -> None:
    steps = np.repeat(STEPS, 5)
    search, line = QualitySearch(steps), TimeLine(steps)
    held = np.zeros(len(TRUTH))
    for trial in range(TRIALS):
        random = np.random.default_rng((trial, 7))
        data = made_up(random, seeds=5)
        intervals = (
            *quality_intervals(search, steps, data.quality_tv, random),
            *time_intervals(line, data.seconds, random),
        )
        held += [
            interval.low <= true <= interval.high for interval, true in zip(intervals, TRUTH.values(), strict=True)
        ]
    coverage = dict(zip(TRUTH, held / TRIALS, strict=True))
    assert all(0.93 <= share <= 0.97 for share in coverage.values()), coverage


def test_the_same_seed_gives_the_same_intervals() -> None:
    data = made_up(np.random.default_rng(0))
    search = QualitySearch(data.steps)
    once, again = (quality_intervals(search, data.steps, data.quality_tv, np.random.default_rng(5)) for _ in range(2))
    assert once == again


def test_a_set_up_time_is_never_below_zero() -> None:
    steps = np.repeat(STEPS, 2)
    seconds = np.maximum(0.1 * steps - 0.05, 0.01)
    step_s, setup_s = time_intervals(TimeLine(steps), seconds, np.random.default_rng(0))
    assert setup_s.value == setup_s.low == 0.0
    np.testing.assert_allclose(step_s.value, steps @ seconds / (steps @ steps))
