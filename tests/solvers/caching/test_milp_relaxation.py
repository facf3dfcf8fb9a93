"""``milp-relaxation``: a bound that holds, tight where nothing is scarce, and caches that fit."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from problems.instance import Instance
from problems.judge import judge
from solvers.allocation.exact import ExactAllocation
from solvers.base import Budget, Plan, Silent
from solvers.caching.milp_relaxation import MilpRelaxation
from solvers.two_timescale import TwoTimescale
from tests import independent
from tests.cases import Document, as_instance, edited, random_document, sampled
from tests.slow import few


def planned(instance: Instance, strategy: MilpRelaxation | None = None, limit: float | None = None) -> Plan:
    return (strategy or MilpRelaxation()).plan(instance, Budget(limit), Silent())


def assert_fits(instance: Instance, cache: np.ndarray) -> None:
    assert cache.shape == (instance.frames, len(instance.models))
    assert cache.dtype == bool
    assert (cache @ instance.catalogue.size_gb <= instance.system.cache_gb * (1 + 1e-9)).all()


@pytest.mark.parametrize("seed", few(20, range(60)))
def test_the_bound_holds_against_enumeration(seed: int) -> None:
    """Idle users, loading costs, forced edge and fractional A1 and A2 are in the documents."""
    document = random_document(seed, deadline=False, loading=seed % 3 > 0)
    instance = as_instance(document)
    plan = planned(instance)
    optimum = independent.optimum(document).cost
    assert_fits(instance, plan.cache)
    assert plan.complete
    assert plan.lower_bound is not None
    assert 0.6 * optimum <= plan.lower_bound <= optimum * (1 + 1e-9)


@pytest.mark.parametrize("forced_edge", [False, True])
def test_the_bound_is_tight_where_nothing_is_scarce(forced_edge: bool) -> None:
    """With room and steps for all the relaxation is whole: A1 and A2 are whole numbers here."""
    for seed in range(5):
        document = random_document(seed, deadline=False, forced_edge=forced_edge)
        document["models"] = [model | {"steps_low": 5, "steps_high": 20} for model in document["models"]]
        document["system"] |= {"cache_gb": 1000, "step_budget": 60}
        optimum = independent.optimum(document).cost
        plan = planned(as_instance(document))
        assert plan.lower_bound == pytest.approx(optimum, rel=1e-9)


def alone_with_deadline(document: Document) -> float:
    """The optimum for a single user, who has the whole band: every cache of every frame and all steps.

    Plain Python: enumerates all sequences of caches.
    """
    system, models = document["system"], document["models"]
    requests = {(t, k): request for t, k, _, request in independent.active_requests(document)}
    frames = len(document["trace"]["request"])
    sizes = [model["size_gb"] for model in models]
    held = [h for h in itertools.product((0, 1), repeat=len(models)) if fits(h, sizes, system["cache_gb"])]

    def request_cost(request: independent.Request, cached: bool) -> float:
        steps = range(1, system["step_budget"] + 1) if cached else range(0)
        options = [*steps] if cached and system["forced_edge"] else [0, *steps]
        air = independent.air_time(system, request, 1.0)
        costs = []
        for s in options:
            seconds, tv = independent.generation(system, request, s)
            late = max(0.0, air + seconds - system["deadline_s"])
            costs.append(
                system["latency_weight"] * (air + seconds)
                + (1 - system["latency_weight"]) * system["tv_to_s"] * tv
                + system["late_penalty"] * late
            )
        return min(costs)

    stage = {
        (t, h): sum(request_cost(r, bool(h[r.index])) for (frame, _), r in requests.items() if frame == t)
        for t in range(frames)
        for h in held
    }
    best = math.inf
    for path in itertools.product(held, repeat=frames):
        loads = independent.loaded_gb(document, path) * system["load_cost_per_gb"]
        best = min(best, loads + sum(stage[t, h] for t, h in enumerate(path)))
    return best / len(requests)


def fits(held: tuple[int, ...], sizes: list[float], capacity: float) -> bool:
    return sum(size for size, x in zip(sizes, held, strict=True) if x) <= capacity * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_with_a_deadline_the_bound_holds_against_enumeration(seed: int) -> None:
    document = random_document(seed, shape=(2, 3, 1), models=3, deadline=True)
    plan = planned(as_instance(document))
    optimum = alone_with_deadline(document)
    assert plan.lower_bound is not None
    assert 0.6 * optimum <= plan.lower_bound <= optimum * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_with_a_deadline_no_solution_beats_the_bound(seed: int) -> None:
    instance = as_instance(random_document(seed, deadline=True))
    solution = TwoTimescale(MilpRelaxation(), ExactAllocation()).solve(instance, Budget(), Silent())
    verdict = judge(instance, solution)
    assert verdict.feasible
    assert solution.lower_bound is not None
    assert solution.lower_bound <= verdict.cost * (1 + 1e-9)


@pytest.mark.parametrize("seed", few(6, range(15)))
def test_both_solvers_agree(seed: int) -> None:
    instance = as_instance(random_document(seed, loading=seed % 2 > 0))
    highs, cbc = planned(instance), planned(instance, MilpRelaxation(backend="cbc"))
    assert highs.lower_bound == pytest.approx(cbc.lower_bound, rel=1e-7)
    assert_fits(instance, cbc.cache)


@pytest.mark.parametrize("family", ["small", "paper", "drift"])
def test_on_the_families_close_to_its_own_bound(family: str) -> None:
    instance = sampled(family)
    solution = TwoTimescale(MilpRelaxation(), ExactAllocation()).solve(instance, Budget(), Silent())
    verdict = judge(instance, solution)
    assert verdict.feasible
    assert solution.lower_bound is not None
    assert verdict.cost * 0.94 <= solution.lower_bound <= verdict.cost


@pytest.mark.slow
def test_a_whole_city_within_the_limit() -> None:
    instance = sampled("metro")
    plan = planned(instance, limit=60.0)
    assert plan.complete
    assert plan.lower_bound is not None
    assert_fits(instance, plan.cache)


@pytest.mark.parametrize("loading", [False, True])
def test_out_of_time_there_is_a_feasible_plan_and_no_bound(loading: bool) -> None:
    instance = as_instance(random_document(5, loading=loading))
    plan = planned(instance, limit=0.0)
    assert_fits(instance, plan.cache)
    assert not plan.complete
    assert plan.lower_bound is None


def test_nobody_active() -> None:
    document = random_document(1)
    document["trace"]["request"] = [[[-1 for _ in slot] for slot in frame] for frame in document["trace"]["request"]]
    plan = planned(as_instance(document))
    assert not plan.cache.any()
    assert plan.lower_bound == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("changes", [{"cache_gb": 0}, {"step_budget": 0, "forced_edge": False}, {"cache_gb": 1.5}])
def test_without_an_edge_server_the_bound_is_the_cloud(changes: dict[str, Any]) -> None:
    document = random_document(2, deadline=False)
    document["system"] |= changes
    plan = planned(as_instance(document))
    assert plan.lower_bound == pytest.approx(independent.optimum(document).cost, rel=1e-9)


def test_prohibitive_loading_loads_nothing() -> None:
    document = edited(random_document(3, forced_edge=False), ["system", "load_cost_per_gb"], 1e4)
    assert not planned(as_instance(document)).cache.any()


def test_a_threshold_of_one_keeps_only_what_is_whole() -> None:
    instance = sampled("small")
    all_in, whole = planned(instance).cache, planned(instance, MilpRelaxation(threshold=1.0)).cache
    assert (whole <= all_in).all()
    assert whole.sum() < all_in.sum()


@pytest.mark.parametrize("backend", ["highs", "cbc"])
def test_nothing_is_printed(backend: Any, capfd: pytest.CaptureFixture[str]) -> None:
    planned(as_instance(random_document(0)), MilpRelaxation(backend=backend))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("threshold", [-0.1, 1.1])
def test_settings_are_checked(threshold: float) -> None:
    with pytest.raises(ValueError, match="threshold"):
        MilpRelaxation(threshold=threshold)
