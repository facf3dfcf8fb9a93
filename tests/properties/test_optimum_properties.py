"""What must hold of the optimum of any instance, whoever finds it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problems.judge import judge
from problems.solution import Solution
from solvers.base import Budget, Silent
from solvers.cloud import cloud_cost
from solvers.registry import make_solver
from tests.cases import TRACE, Document, as_instance, random_feasible
from tests.properties.strategies import documents
from tests.properties.units import UNITS, scaled

SMALL = {"shape": (2, 2, 3), "models": 4}

more = st.sampled_from([1.0, 1.001, 1.3, 2.0, 50.0])


def best(document: Document) -> Solution:
    """An optimal solution, proved."""
    solution = make_solver("exhaustive").solve(as_instance(document), Budget(), Silent())
    assert solution.status == "optimal"
    return solution


def optimum(document: Document) -> float:
    return judge(as_instance(document), best(document)).cost


def with_system(document: Document, **changes: Any) -> Document:
    changed = copy.deepcopy(document)
    changed["system"].update(changes)
    return changed


def never_above(document: Document, reference: Document) -> None:
    assert optimum(document) <= optimum(reference) * (1 + 2e-9)


@given(documents(**SMALL, forced_edge=False), more)
def test_more_capacity_never_costs_more_where_no_edge_is_forced(document: Document, factor: float) -> None:
    never_above(with_system(document, cache_gb=document["system"]["cache_gb"] * factor), document)


@given(documents(**SMALL), st.integers(0, 60))
def test_more_steps_never_cost_more(document: Document, extra: int) -> None:
    never_above(with_system(document, step_budget=document["system"]["step_budget"] + extra), document)


@pytest.mark.parametrize("field", ["uplink_mhz", "downlink_mhz", "user_power_w", "bs_power_w", "backhaul_mbps"])
@settings(max_examples=15)
@given(documents(**SMALL), more)
def test_more_band_power_or_backhaul_never_costs_more(field: str, document: Document, factor: float) -> None:
    never_above(with_system(document, **{field: document["system"][field] * factor}), document)


@pytest.mark.parametrize("field", ["noise_w_per_mhz", "load_cost_per_gb", "late_penalty", "tv_to_s"])
@settings(max_examples=15)
@given(documents(**SMALL), more)
def test_more_noise_and_higher_prices_never_cost_less(field: str, document: Document, factor: float) -> None:
    never_above(document, with_system(document, **{field: document["system"][field] * factor}))


@given(documents(**SMALL, deadline=True), st.floats(0, 6))
def test_a_later_deadline_never_costs_more_and_none_the_least(document: Document, extra: float) -> None:
    later = with_system(document, deadline_s=document["system"]["deadline_s"] + extra)
    never_above(later, document)
    never_above(with_system(document, deadline_s=None), later)


@given(documents(**SMALL, forced_edge=True))
def test_freedom_to_use_the_cloud_never_costs_more(document: Document) -> None:
    never_above(with_system(document, forced_edge=False), document)


@given(documents(**SMALL), st.randoms())
def test_the_order_of_users_and_models_does_not_matter(document: Document, random: Any) -> None:
    users, models = list(range(3)), list(range(4))
    random.shuffle(users)
    random.shuffle(models)
    place = {m: i for i, m in enumerate(models)} | {-1: -1}
    permuted = copy.deepcopy(document)
    permuted["models"] = [document["models"][m] for m in models]
    permuted["demand"]["ranking"] = [[place[m] for m in ranks] for ranks in document["demand"]["ranking"]]
    for name in TRACE:
        frames = [[[slot[n] for n in users] for slot in frame] for frame in document["trace"][name]]
        permuted["trace"][name] = frames
    permuted["trace"]["request"] = [
        [[place[m] for m in slot] for slot in frame] for frame in permuted["trace"]["request"]
    ]
    assert optimum(permuted) == pytest.approx(optimum(document), rel=2e-9)


@pytest.mark.parametrize("name", UNITS)
@settings(max_examples=15)
@given(documents(**SMALL))
def test_what_is_optimal_stays_so_in_other_units(name: str, document: Document) -> None:
    """The decisions made in one system of units are optimal in the other, and cost the same there."""
    factors, unit = UNITS[name]
    other = scaled(document, factors)
    decisions = best(other)
    assert judge(as_instance(document), decisions).feasible
    assert judge(as_instance(document), decisions).cost == pytest.approx(optimum(document), rel=2e-9)
    assert optimum(other) == pytest.approx(unit * optimum(document), rel=2e-9)


@given(documents(**SMALL))
def test_a_model_that_nobody_asks_for_changes_nothing(document: Document) -> None:
    wider = copy.deepcopy(document)
    wider["models"].append({**document["models"][0], "name": "unwanted"})
    for ranks in wider["demand"]["ranking"]:
        ranks.append(4)
    assert optimum(wider) == pytest.approx(optimum(document), rel=2e-9)


@given(documents(**SMALL, loading=False))
def test_frames_are_separate_problems_where_nothing_is_paid_for_loading(document: Document) -> None:
    total, count = 0.0, 0
    for t in range(2):
        frame = copy.deepcopy(document)
        frame["trace"] = {key: value[t : t + 1] for key, value in document["trace"].items()}
        active = sum(m >= 0 for slot in frame["trace"]["request"][0] for m in slot)
        total += optimum(frame) * max(active, 1) if active else 0.0
        count += active
    assert optimum(document) == pytest.approx(total / count, rel=2e-9)


@given(documents(**SMALL))
def test_a_trace_and_itself_again_cost_the_same_where_loading_is_free(document: Document) -> None:
    document = with_system(document, load_cost_per_gb=0.0)
    twice = copy.deepcopy(document)
    twice["trace"] = {key: value + value for key, value in document["trace"].items()}
    assert optimum(twice) == pytest.approx(optimum(document), rel=2e-9)


@given(documents(**SMALL), st.integers(0, 10**6))
def test_no_feasible_decisions_beat_it(document: Document, seed: int) -> None:
    instance = as_instance(document)
    least = optimum(document) * (1 - 1e-9)
    assert all(judge(instance, random_feasible(instance, seed + draw)).cost >= least for draw in range(10))


@given(documents(**SMALL))
def test_the_cloud_alone_is_the_upper_reference(document: Document) -> None:
    never = with_system(document, cache_gb=0.0)
    instance = as_instance(document)
    assert optimum(document) <= cloud_cost(instance) * (1 + 1e-9)
    assert optimum(never) == pytest.approx(cloud_cost(instance), rel=2e-9)
