"""An exact comparison names every difference, up or down, to the last bit."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from problems.io.errors import InputError
from reports.compare.exact import Difference, compare_exactly
from tests.reports.cells import Row
from tests.reports.compare.two_solvers import INSTANCES, changed

WHERE = f"{INSTANCES[0]}, repetition 0"


def test_a_store_compared_with_itself_has_no_difference(cells: list[Row]) -> None:
    found = compare_exactly(pd.DataFrame(cells), pd.DataFrame(cells[::-1]))
    assert (found.matched, found.only_before, found.only_after, found.superseded) == (16, 0, 0, 0)
    assert (found.differences, found.at_limit) == ((), ())


@pytest.mark.parametrize("towards", [0.0, math.inf], ids=["down", "up"])
def test_the_last_bit_of_a_cost_counts_in_either_direction(cells: list[Row], towards: float) -> None:
    cost = math.nextafter(2.2, towards)
    found = compare_exactly(pd.DataFrame(cells), changed(cells, "quick", 1, cost=cost))
    assert found.differences == (Difference("cost", "quick", WHERE, 2.2, cost),)


def test_another_status_and_a_lost_answer_are_two_differences(cells: list[Row]) -> None:
    found = compare_exactly(pd.DataFrame(cells), changed(cells, "exact", 1, status="crash", cost=None))
    assert found.differences == (
        Difference("status", "exact", WHERE, "optimal", "crash"),
        Difference("cost", "exact", WHERE, 2.0, None),
    )


def test_a_better_status_counts_too(cells: list[Row]) -> None:
    found = compare_exactly(changed(cells, "exact", 1, status="crash", cost=None), pd.DataFrame(cells))
    assert [one.after for one in found.differences] == ["optimal", 2.0]


def test_times_and_seconds_of_the_processor_do_not_count(cells: list[Row]) -> None:
    slower = pd.DataFrame(cells).assign(solve_s=9.0, cpu_s=8.0, started_at="2026-03-01T00:00:00Z")
    assert compare_exactly(pd.DataFrame(cells), slower).differences == ()


def test_cells_of_one_store_alone_are_missing_in_the_other(cells: list[Row]) -> None:
    found = compare_exactly(pd.DataFrame(cells[1:]), pd.DataFrame(cells[:-1]))
    assert (found.matched, found.only_before, found.only_after) == (14, 1, 1)
    assert set(found.differences) == {
        Difference("missing", "exact", WHERE, None, "optimal"),
        Difference("missing", "quick", f"{INSTANCES[-1]}, repetition 0", "feasible", None),
    }


@pytest.mark.parametrize("status", ["timeout", "memory"])
def test_what_a_limit_ended_in_either_store_is_named_apart(cells: list[Row], status: str) -> None:
    stopped = changed(cells, "quick", 1, status=status, cost=2.3)
    for before, after in ((pd.DataFrame(cells), stopped), (stopped, pd.DataFrame(cells))):
        found = compare_exactly(before, after)
        assert found.differences == ()
        assert [one.kind for one in found.at_limit] == ["status", "cost"]
    assert compare_exactly(stopped, stopped).at_limit == ()


def test_two_cells_without_a_cost_are_the_same(cells: list[Row]) -> None:
    mute = changed(cells, "quick", status="crash", cost=None)
    assert compare_exactly(mute, mute.assign(cost=math.nan).where(mute["cost"].isna(), mute)).differences == ()


def test_only_the_newest_row_of_a_cell_counts(cells: list[Row]) -> None:
    newer = pd.DataFrame(cells[:1]).assign(cell_id="new", started_at="2026-02-01T00:00:00Z")
    twice = pd.concat([pd.DataFrame(cells).assign(cost=9.0), newer])
    found = compare_exactly(twice, pd.DataFrame(cells))
    assert found.superseded == 1
    assert len(found.differences) == 15


def test_stores_without_a_cell_in_common_are_refused(cells: list[Row]) -> None:
    other = pd.DataFrame(cells).assign(seed=1)
    with pytest.raises(InputError, match="no cell in common: 16 cells before, 16 after, none with the same instance"):
        compare_exactly(pd.DataFrame(cells), other)
