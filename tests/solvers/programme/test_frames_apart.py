"""Frames solved one by one and put together: the whole's cost, bound and time."""

from __future__ import annotations

import pytest

from problems.judge import judge
from solvers.base import Budget
from solvers.programme.frames_apart import frames_apart, solve_by_frames
from solvers.programme.search import Search
from tests.cases import as_instance, random_document, random_feasible, sampled
from tests.solvers.support import Remembering, cost_of, first_frames, solve


def optimal(search: Search, budget: Budget) -> bool:
    """The part's optimum, proved."""
    found = solve("exhaustive", search.instance)
    search.offer(found)
    assert found.lower_bound is not None
    search.prove(found.lower_bound * search.requests)
    return True


def idle(search: Search, budget: Budget) -> bool:
    """Nothing, and no end of it."""
    return False


@pytest.mark.parametrize("seed", range(4))
def test_where_loading_is_free_each_frame_is_an_instance_and_the_costs_add_up(seed: int) -> None:
    instance = as_instance(random_document(seed, shape=(3, 2, 2), loading=False, deadline=False))
    parts = frames_apart(instance)
    assert [part.frames for part in parts] == [1, 1, 1]
    assert sum(part.active_requests for part in parts) == instance.active_requests
    total = sum(cost_of("exhaustive", part) * part.active_requests for part in parts)
    assert total / instance.active_requests == pytest.approx(cost_of("exhaustive", instance), rel=1e-9)


def test_where_loading_costs_the_instance_stays_whole() -> None:
    instance = as_instance(random_document(1, loading=True))
    assert frames_apart(instance) == [instance]


@pytest.mark.parametrize("loading", [False, True])
def test_the_parts_optima_are_the_whole_one_s(loading: bool) -> None:
    instance = as_instance(random_document(2, shape=(3, 2, 2), loading=loading, deadline=False))
    report = Remembering()
    solution = solve_by_frames(instance, Budget(), report, optimal)
    verdict, optimum = judge(instance, solution), cost_of("exhaustive", instance)
    assert verdict.violations == ()
    assert verdict.cost == pytest.approx(optimum, rel=1e-9)
    assert solution.status == "optimal"
    assert report.bounds == sorted(report.bounds)
    assert max(report.bounds) <= optimum * (1 + 1e-9)
    costs = [judge(instance, incumbent).cost for incumbent in report.incumbents]
    assert costs == sorted(costs, reverse=True)


def test_a_start_is_kept_until_something_is_better_frame_by_frame() -> None:
    instance = as_instance(random_document(3, shape=(3, 2, 2), loading=False, deadline=False))
    best, poor = solve("exhaustive", instance), random_feasible(instance, 0)
    kept = solve_by_frames(instance, Budget(0.0, start=best), Remembering(), idle)
    assert judge(instance, kept).cost <= judge(instance, best).cost * (1 + 1e-12)
    report = Remembering()
    improved = solve_by_frames(instance, Budget(0.0, start=poor), report, idle)
    assert judge(instance, improved).cost <= judge(instance, poor).cost
    assert judge(instance, report.incumbents[0]).cost == judge(instance, poor).cost


def test_the_time_is_shared_and_what_is_left_over_goes_to_those_not_finished() -> None:
    instance = first_frames(sampled("deadline"), 4)
    given: dict[int, list[float]] = {}

    def counted(search: Search, budget: Budget) -> bool:
        limits = given.setdefault(id(search), [])
        assert budget.time_limit_s is not None
        limits.append(budget.time_limit_s)
        return len(limits) > 1

    solution = solve_by_frames(instance, Budget(60.0), Remembering(), counted)
    first = [limits[0] for limits in given.values()]
    assert 1 < len(first) <= 4
    assert first == pytest.approx([60.0 / len(first) for _ in first], rel=0.5)
    assert all(later > limits[0] for limits in given.values() for later in limits[1:])
    assert solution.status in ("feasible", "optimal", "timeout")
