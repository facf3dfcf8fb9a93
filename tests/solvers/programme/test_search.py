"""The best of what is offered, and what is proved of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from problems.instance import Instance
from problems.judge import judge
from problems.solution import Solution
from solvers.programme.search import CLOSED, Search
from tests.cases import as_instance, random_document, random_feasible
from tests.solvers.support import Remembering, cost_of, solve


def begun(seed: int, deadline: bool = False) -> tuple[Instance, Search, Remembering]:
    """A search from the cloud alone."""
    instance = as_instance(random_document(seed, shape=(2, 2, 3), deadline=deadline))
    report = Remembering()
    return instance, Search(instance, solve("none", instance), report), report


@pytest.mark.parametrize("deadline", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_what_is_offered_is_taken_with_its_best_allocation_if_it_is_cheaper(seed: int, deadline: bool) -> None:
    instance, search, report = begun(seed, deadline)
    for draw in range(6):
        offered, before = random_feasible(instance, draw), search.cost
        search.offer(offered)
        assert search.cost <= min(before, judge(instance, offered).cost * search.requests) * (1 + 1e-9)
    search.offer(solve("exhaustive", instance))
    assert search.cost / search.requests == pytest.approx(cost_of("exhaustive", instance), rel=1e-8)
    costs = [judge(instance, incumbent).cost for incumbent in report.incumbents]
    assert costs == sorted(set(costs), reverse=True)
    assert judge(instance, search.best).cost * search.requests == pytest.approx(search.cost, rel=1e-12)


def test_caches_that_do_not_fit_are_cut_to_what_does() -> None:
    instance, search, _ = begun(1)
    full = np.ones((instance.frames, len(instance.models)), dtype=bool)
    nothing = np.zeros(instance.trace.request.shape)
    search.offer(Solution(full, nothing, nothing.astype(int)))
    assert judge(instance, search.best).feasible


def test_bounds_only_rise_and_close_the_search() -> None:
    instance, search, report = begun(2)
    assert search.bound == -np.inf
    assert not search.closed
    for share in (0.5, 0.4, 0.9):
        search.prove(share * search.cost)
    assert report.bounds == pytest.approx([0.5 * search.cost / search.requests, 0.9 * search.cost / search.requests])
    assert search.gap == pytest.approx(0.1)
    assert (search.answer(True).status, search.answer(False).status) == ("feasible", "timeout")
    search.prove(search.cost * (1 - 0.5 * CLOSED))
    assert search.closed
    assert search.answer(False).status == "optimal"
    assert search.answer(False).lower_bound == pytest.approx(judge(instance, search.best).cost, rel=1e-6)


def test_without_a_bound_nothing_is_optimal_not_even_what_costs_nothing() -> None:
    instance = as_instance(random_document(0, shape=(1, 1, 2)))
    request = np.full_like(instance.trace.request, -1)
    quiet = replace(instance, trace=replace(instance.trace, request=request))
    start = replace(solve("none", quiet), lower_bound=None)
    search = Search(quiet, start, Remembering())
    assert (search.cost, search.gap) == (0.0, 0.0)
    assert search.answer(True).status == "feasible"
