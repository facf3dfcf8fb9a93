"""Ratios of times without the machine."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from reports.compare.paired_times import time_ratio, undisturbed_s


def timed(solve_s: object, **columns: object) -> pd.DataFrame:
    """Rows of an idle machine."""
    others = {"cpu_s": solve_s, "stalled_s": 0.0, "waited_s": 0.0, "micro_solve_s": 0.001}
    return pd.DataFrame({"solve_s": solve_s, **others, **columns})


def own_s(solve_s: float, **columns: object) -> float:
    """What of a solve time is the solver's own."""
    rows = timed([solve_s], **columns)
    before, after = undisturbed_s(rows, rows)
    np.testing.assert_array_equal(before, after)
    return float(before[0])


@pytest.mark.parametrize(
    ("cpu", "stalled", "waited", "own"),
    [
        (1.0, 0.0, 0.0, 5.0),  # it slept
        (1.0, 9.0, 0.0, 5.0),  # it slept while others waited
        (1.0, 9.0, 3.0, 2.0),
        (1.0, 9.0, 9.0, 1.0),
        (1.0, 3.0, math.nan, 2.0),  # others worked for it
        (1.0, math.nan, math.nan, 1.0),  # nobody knows
        (7.0, 9.0, math.nan, 5.0),  # several at once
        (math.nan, 3.0, 0.0, 5.0),
    ],
)
def test_waiting_for_a_processor_is_taken_off(cpu: float, stalled: float, waited: float, own: float) -> None:
    columns = {"cpu_s": cpu, "stalled_s": stalled, "waited_s": waited}
    assert own_s(5.0, **columns) == own
    assert math.isnan(own_s(math.nan, **columns))


@pytest.mark.parametrize(("missing", "own"), [({"waited_s": math.nan}, 2.0), ({"stalled_s": math.nan}, 5.0)])
def test_both_rows_are_measured_alike(missing: dict[str, float], own: float) -> None:
    """What one of them lacks is not made use of in the other."""
    columns: dict[str, object] = {"cpu_s": 1.0, "stalled_s": 3.0, "waited_s": 0.0}
    whole, lacking = timed([5.0], **columns), timed([5.0], **columns | missing)
    assert [times.tolist() for times in undisturbed_s(whole, lacking)] == [[own], [own]]
    assert [times.tolist() for times in undisturbed_s(lacking, whole)] == [[own], [own]]


def test_work_is_in_units_of_the_micro_solve() -> None:
    before, after = timed(np.ones(6)), timed(np.full(6, 3.0), micro_solve_s=0.002)
    assert time_ratio(before, after, np.arange(6)).ratio == pytest.approx(1.5)
    unknown = timed(np.full(6, 3.0), micro_solve_s=math.nan)
    assert time_ratio(before, unknown, np.arange(6)).ratio == pytest.approx(3.0)


@pytest.mark.parametrize("micro", [0.0, -1.0])
@pytest.mark.filterwarnings("error")
def test_a_micro_solve_that_took_no_time_is_none(micro: float) -> None:
    whole, lacking = timed(np.ones(6)), timed(np.full(6, 3.0), micro_solve_s=micro)
    assert time_ratio(whole, lacking, np.arange(6)).ratio == pytest.approx(3.0)
    assert time_ratio(lacking, whole, np.arange(6)).ratio == pytest.approx(1 / 3)
    assert time_ratio(lacking, lacking, np.arange(6)).ratio == 1.0


def test_sleep_takes_as_long_on_any_machine() -> None:
    before, after = timed(np.ones(6), cpu_s=0.0), timed(np.full(6, 1.5), cpu_s=0.0, micro_solve_s=0.002)
    assert time_ratio(before, after, np.arange(6)).ratio == pytest.approx(1.5)


def test_repetitions_of_one_instance_are_no_more_evidence_than_one() -> None:
    instances = np.repeat(np.arange(6), 10)
    before, after = timed(np.ones(60)), timed(np.repeat([1.0, 2.0, 1.0, 2.0, 1.0, 2.0], 10))
    repeated, once = time_ratio(before, after, instances), time_ratio(before[::10], after[::10], instances[::10])
    assert (repeated.ratio, repeated.low, repeated.high) == pytest.approx((once.ratio, once.low, once.high))


def test_one_wild_time_moves_nothing_much() -> None:
    after = np.full(8, 1.1)
    after[3] = 100.0
    found = time_ratio(timed(np.ones(8)), timed(after), np.arange(8))
    assert found.ratio == pytest.approx(1.1)
    assert found.low == pytest.approx(1.1)
