"""``exhaustive`` against brute force, its way through the frames, and what it claims."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from problems.judge import check_claims, judge
from solvers.base import Budget, Silent, Unsuitable
from solvers.caching.exhaustive import cheapest_path
from solvers.frame.stage_costs import StageCosts
from solvers.registry import make_solver
from tests.cases import sampled
from tests.slow import few
from tests.solvers.support import silent, solve, with_system


@pytest.mark.parametrize("seed", few(1, range(6)))
@pytest.mark.parametrize("forced_edge", [False, True])
@pytest.mark.parametrize("load_cost", [0.0, 0.3])
def test_brute_force_confirms_it_on_tiny(seed: int, forced_edge: bool, load_cost: float) -> None:
    instance = with_system(sampled("tiny", seed, 1), forced_edge=forced_edge, load_cost_per_gb=load_cost)
    naive, quick = solve("brute-force", instance), solve("exhaustive", instance)
    assert naive.status == quick.status == "optimal"
    assert judge(instance, quick).cost == pytest.approx(judge(instance, naive).cost, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "deadline", "forced_edge"), [(0, 9.0, False), (2, 7.0, True), (3, 9.0, False)])
def test_brute_force_confirms_it_with_a_deadline(seed: int, deadline: float, forced_edge: bool) -> None:
    changed = {"deadline_s": deadline, "late_penalty": 1.0, "load_cost_per_gb": 0.3, "forced_edge": forced_edge}
    instance = with_system(sampled("tiny", seed, 1), **changed)
    naive, quick = solve("brute-force", instance), solve("exhaustive", instance)
    assert naive.status == quick.status == "optimal"
    assert judge(instance, quick).cost == pytest.approx(judge(instance, naive).cost, rel=1e-9)


def test_without_a_price_of_lateness_a_deadline_does_not_matter() -> None:
    instance = sampled("small", 1, 1)
    late = with_system(instance, deadline_s=1.0, late_penalty=0.0)
    assert judge(late, solve("exhaustive", late)).cost == judge(instance, solve("exhaustive", instance)).cost


def test_loading_costs_make_it_keep_models() -> None:
    instance = sampled("drift", 0, 0)
    free = with_system(instance, load_cost_per_gb=0.0)
    kept, changed = solve("exhaustive", instance), solve("exhaustive", free)
    assert judge(instance, kept).loaded_gb < judge(free, changed).loaded_gb
    assert judge(instance, kept).cost < judge(instance, changed).cost


def test_claims_hold_on_every_family() -> None:
    for family in ("tiny", "small", "paper", "drift", "deadline"):
        instance = sampled(family, 3, 0)
        solution = solve("exhaustive", instance)
        verdict = judge(instance, solution)
        signed = solution.signed(instance, "exhaustive", "hindsight", verdict.cost)
        assert verdict.feasible
        assert check_claims(instance, signed, verdict) == []
        assert signed.status == "optimal"


def test_an_empty_trace_costs_nothing() -> None:
    idle = silent(sampled("tiny"))
    solution = solve("exhaustive", idle)
    assert judge(idle, solution).cost == 0.0
    assert judge(idle, solution).feasible


def test_refuses_catalogues_too_large_to_enumerate() -> None:
    with pytest.raises(Unsuitable, match="at most 20 models; the catalogue has 40"):
        solve("exhaustive", sampled("metro"))


def test_an_expired_budget_gives_a_feasible_answer_that_says_timeout() -> None:
    instance = sampled("small")
    solution = make_solver("exhaustive").solve(instance, Budget(time_limit_s=0.0), Silent())
    assert solution.status == "timeout"
    assert judge(instance, solution).feasible


@pytest.mark.parametrize("seed", range(30))
def test_the_cheapest_path_is_that_of_all_sequences(seed: int) -> None:
    rng = np.random.default_rng(seed)
    models, frames = 3, 3
    masks = np.unique(np.append(rng.choice(8, 5), 0))
    cost = rng.uniform(0, 10, (frames, len(masks)))
    price = np.zeros(models) if seed % 5 == 0 else rng.choice([0.0, 0.5, 3.0, 20.0], models)

    def loading(before: int, after: int) -> float:
        return float(sum(price[m] for m in range(models) if after & ~before & (1 << m)))

    totals = {}
    for sequence in itertools.product(range(len(masks)), repeat=frames):
        held = [0, *(int(masks[f]) for f in sequence)]
        stages = sum(cost[t, f] for t, f in enumerate(sequence))
        totals[tuple(held[1:])] = stages + sum(loading(*pair) for pair in itertools.pairwise(held))
    path, value = cheapest_path(StageCosts(masks, cost, cost), cost, price)
    assert value == pytest.approx(min(totals.values()), rel=1e-12)
    assert totals[tuple(path.tolist())] == pytest.approx(value, rel=1e-12)
