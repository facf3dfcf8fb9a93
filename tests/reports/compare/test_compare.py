"""A comparison names what got worse, and only that."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from reports.compare.compare import Comparison, Missing, Regression, compare, with_missing
from tests.reports.cells import Row
from tests.reports.compare.two_solvers import INSTANCES, changed


def test_a_store_compared_with_itself_has_no_change(cells: list[Row]) -> None:
    found = compare(pd.DataFrame(cells), pd.DataFrame(cells), time_tolerance=0.0)
    assert (found.matched, found.only_before, found.only_after, found.superseded) == (16, 0, 0, 0)
    assert found.regressions == ()
    assert [change.label for change in found.solvers] == ["exact", "quick"]
    for change in found.solvers:
        assert (change.costs_up, change.costs_down, change.mean_change, change.greatest_rise) == (0, 0, 0.0, 0.0)
        assert change.gap_before == change.gap_after == pytest.approx(0.1 if change.label == "quick" else 0.0)
        assert change.time is not None
        assert (change.time.ratio, change.time.low, change.time.high) == (1.0, 1.0, 1.0)


def test_the_order_of_the_rows_does_not_matter(cells: list[Row]) -> None:
    after = changed(cells, "quick", 3, cost=2.3)
    one = compare(pd.DataFrame(cells), after)
    other = compare(pd.DataFrame(cells[::-1]), after.sample(frac=1.0, random_state=1))
    assert {change.label: change for change in one.solvers} == {change.label: change for change in other.solvers}
    assert set(one.regressions) == set(other.regressions)


def test_one_solver_one_per_cent_worse_is_named(cells: list[Row]) -> None:
    found = compare(pd.DataFrame(cells), changed(cells, "quick", cost=2.2 * 1.01))
    assert {(one.kind, one.label) for one in found.regressions} == {("cost", "quick")}
    assert len(found.regressions) == 8
    quick = found.solvers[1]
    assert (quick.costs_up, quick.costs_down) == (8, 0)
    assert quick.mean_change == pytest.approx(0.01)
    assert quick.gap_after == pytest.approx(0.111)
    assert compare(pd.DataFrame(cells), changed(cells, "quick", cost=2.2 * 1.01), tolerance=0.02).regressions == ()


def test_better_costs_are_no_regression_and_move_the_reference(cells: list[Row]) -> None:
    found = compare(pd.DataFrame(cells), changed(cells, "quick", 4, cost=1.0))
    assert found.regressions == ()
    assert (found.solvers[1].costs_down, found.solvers[1].costs_up) == (4, 0)
    assert found.solvers[0].gap_before == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ({"status": "optimal", "proved": True}, {"status": "feasible", "proved": False}, True),
        ({"status": "feasible"}, {"status": "timeout"}, True),
        ({"status": "timeout"}, {"status": "timeout", "cost": None}, True),
        ({"status": "timeout", "cost": None}, {"status": "bound-only", "cost": None}, False),
        ({"status": "feasible"}, {"status": "skipped", "cost": None}, True),
        ({"status": "crash", "cost": None}, {"status": "not-installed", "cost": None}, False),
        ({"status": "crash", "cost": None}, {"status": "invalid", "cost": None}, False),
        ({"status": "crash", "cost": None}, {"status": "feasible"}, False),
        ({"status": "feasible"}, {"status": "optimal", "proved": True}, False),
    ],
)
def test_endings_have_an_order(cells: list[Row], before: Row, after: Row, worse: bool) -> None:
    old, new = changed(cells, "quick", 1, **before), changed(cells, "quick", 1, **after)
    assert [one.kind for one in compare(old, new).regressions] == (["status"] if worse else [])
    back = compare(new, old)
    same = before["status"] == "crash" and after["status"] == "invalid"
    assert bool(back.regressions) == (not worse and not same)
    lost = before.get("proved", False) and not after.get("proved", False)
    assert (back.solvers[1].proofs_won, compare(old, new).solvers[1].proofs_lost) == (int(lost), int(lost))


@pytest.mark.parametrize("how", [{"solve_s": 1.5, "cpu_s": 1.5}, {"solve_s": 1.5, "cpu_s": 1.0}])
def test_a_slower_solver_is_named_unless_times_are_ignored(cells: list[Row], how: Row) -> None:
    slower = changed(cells, "quick", **how)
    (found,) = compare(pd.DataFrame(cells), slower).regressions
    assert (found.kind, found.label, found.where) == ("time", "quick", "8 cells")
    assert found.after == pytest.approx(1.5)
    assert compare(slower, pd.DataFrame(cells)).regressions == ()
    assert compare(pd.DataFrame(cells), slower, time_tolerance=None).regressions == ()
    assert compare(pd.DataFrame(cells), slower, time_tolerance=0.6).regressions == ()


def test_a_slower_machine_and_waiting_for_a_processor_are_no_slower_solver(cells: list[Row]) -> None:
    before = pd.DataFrame(cells).assign(cpu_s=lambda rows: rows["solve_s"])
    machine = before.assign(micro_solve_s=0.002)
    machine[["solve_s", "cpu_s"]] *= 2
    assert compare(before, machine).regressions == ()
    for columns in ({"stalled_s": 9.0, "waited_s": None}, {"stalled_s": 9.0, "waited_s": 9.0}):
        busy = before.assign(solve_s=3 * before["solve_s"], **columns)
        assert compare(before, busy).regressions == ()


def test_who_sleeps_longer_while_others_wait_is_named(cells: list[Row]) -> None:
    slower = changed(cells, "quick", solve_s=1.5, stalled_s=9.0, waited_s=0.1)
    (found,) = compare(pd.DataFrame(cells), slower).regressions
    assert (found.kind, found.label, found.after) == ("time", "quick", pytest.approx(1.4))


def test_small_and_few_times_decide_nothing(cells: list[Row]) -> None:
    small = changed(cells, "quick", solve_s=0.001, cpu_s=0.001)
    slower = changed(cells, "quick", solve_s=0.0019, cpu_s=0.0019)
    found = compare(small, slower, time_tolerance=0.0)
    assert found.regressions == ()
    assert found.solvers[1].time is not None
    assert found.solvers[1].time.noisy
    few = compare(pd.DataFrame(cells[:8]), changed(cells[:8], "quick", solve_s=9.0, cpu_s=9.0))
    assert few.regressions == ()
    assert few.solvers[1].time is not None
    assert math.isnan(few.solvers[1].time.low)


def test_a_limit_that_was_near_before_is_excused(cells: list[Row]) -> None:
    late = {"status": "timeout", "solve_s": 20.0, "cpu_s": 1.0}
    near = changed(cells, "quick", 1, solve_s=15.0)
    found = compare(near, changed(cells, "quick", 1, **late))
    assert (found.regressions, found.excused, found.solvers[1].statuses_worse) == ((), 1, 1)
    far = compare(pd.DataFrame(cells), changed(cells, "quick", 1, **late))
    assert ([one.kind for one in far.regressions], far.excused) == (["status"], 0)


def test_a_cell_that_used_more_by_its_limit_than_it_had_needed_is_slower(cells: list[Row]) -> None:
    near = changed(cells, "quick", solve_s=15.0, cpu_s=10.0, stalled_s=9.0)
    late: Row = {"status": "timeout", "solve_s": 20.0, "stalled_s": None, "waited_s": None}
    (found,) = compare(near, changed(cells, "quick", **late, cpu_s=19.0)).regressions
    assert (found.kind, found.after) == ("time", pytest.approx(1.9))
    waiting = compare(near, changed(cells, "quick", **late, cpu_s=9.0))
    assert (waiting.regressions, waiting.solvers[1].time) == ((), None)


def test_what_limits_cut_short_counts_for_the_solver_as_a_whole(cells: list[Row]) -> None:
    late: Row = {"status": "timeout", "solve_s": 20.0}
    before = changed(cells, "quick", **late)
    one = changed(cells, "quick", 1, **late, cost=2.3)
    one = one.where(one["label"] != "quick", one.assign(status="timeout", solve_s=20.0))
    assert compare(before, one).regressions == ()
    (found,) = compare(before, changed(cells, "quick", **late, cost=2.2 * 1.01)).regressions
    assert (found.kind, found.label, found.where) == ("costs", "quick", "8 cells at a limit")
    assert found.after == pytest.approx(1.01)


def missing_in(before: list[Row], after: list[Row]) -> Comparison:
    old, new = pd.DataFrame(before), pd.DataFrame(after)
    return with_missing(compare(old, new), old, new)


def test_a_solver_without_a_cell_in_both_is_missing(cells: list[Row]) -> None:
    exact = [row for row in cells if row["label"] == "exact"]
    found = missing_in(cells, exact)
    assert found.missing == (Missing("quick", 8, 0),)
    assert found.regressions == (Regression("missing", "quick", "all its cells", 8, 0),)
    assert missing_in(exact, cells).missing == ()
    other = [row | {"seed": 1} if row["label"] == "quick" else row for row in cells]
    assert missing_in(cells, other).missing == (Missing("quick", 8, 8),)


def test_a_solver_with_some_cells_in_both_or_of_another_matrix_is_not_missing(cells: list[Row]) -> None:
    some = [row for row in cells if row["label"] == "exact" or row["instance"] == INSTANCES[0]]
    found = missing_in(cells, some)
    assert (found.missing, found.regressions, found.only_before) == ((), (), 7)
    exact = [row for row in cells if row["label"] == "exact"]
    elsewhere = [row | {"matrix": "another"} for row in cells if row["label"] == "quick"]
    assert missing_in([*exact, *elsewhere], exact).missing == ()
