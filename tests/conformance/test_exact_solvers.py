"""Exact solvers and an independent enumeration agree on small instances of every kind."""

from __future__ import annotations

import random
from functools import cache
from importlib.util import find_spec
from typing import Any

import pytest

from problems.judge import bound_holds, check_claims, judge
from solvers.base import Budget, Silent
from solvers.registry import make_solver
from tests import independent
from tests.cases import as_instance, random_document
from tests.slow import few

SEEDS = range(50)
FAST = 12
"""So many of the seeds for every run of the tests."""
CLOSE = {"exhaustive": 1e-9, "branch-and-bound": 1e-9, "milp": 1e-6, "scip": 1e-6}
"""How near, relative, each comes to the optimum where lateness has no price; elsewhere it is one part in a million."""
TIME_LIMIT_S = 20.0


@cache
def document(seed: int) -> dict[str, Any]:
    """Half of them with a deadline, whose few steps can be enumerated; every fifth with ties throughout."""
    coupled = seed % 2 == 1
    made = random_document(
        seed,
        shape=(2, 2, 2) if coupled else (3, 2, 3),
        models=3 + seed % 3,
        idle=(0.0, 0.2, 0.5)[seed // 2 % 3],
        deadline=coupled,
        forced_edge=seed % 4 > 1,
        loading=seed % 7 > 1,
    )
    rng = random.Random(seed)
    if coupled:
        made["system"] |= {"step_budget": rng.randint(2, 9), "deadline_s": rng.uniform(2, 9)}
        for model in made["models"]:
            model |= {"steps_low": rng.choice([0, 1, 1.5]), "steps_high": rng.choice([2, 4.25, 6])}
    if seed % 5 == 0:
        made["models"] = [made["models"][0] | {"name": f"twin-{m}"} for m in range(len(made["models"]))]
        made["trace"] |= {name: _alike(made["trace"][name]) for name in ("gain", "input_mb", "output_mb")}
    return made


def _alike(values: list[list[list[Any]]]) -> list[list[list[Any]]]:
    return [[[values[0][0][0] for _ in slot] for slot in frame] for frame in values]


@cache
def best(seed: int) -> independent.Optimum:
    return independent.optimum(document(seed))


@pytest.mark.parametrize("solver", CLOSE)
@pytest.mark.parametrize("seed", few(FAST, SEEDS))
def test_all_agree_with_an_independent_enumeration(solver: str, seed: int) -> None:
    if solver == "scip" and find_spec("pyscipopt") is None:
        pytest.skip("needs the extra scip")
    instance, optimum = as_instance(document(seed)), best(seed).cost
    limit_s = TIME_LIMIT_S if solver == "scip" else None
    solution = make_solver(solver).solve(instance, Budget(limit_s), Silent())
    decisions = solution.cache, solution.bandwidth, solution.steps
    verdict = judge(instance, solution)
    assert verdict.violations == ()
    assert independent.broken(document(seed), *decisions) == []
    assert check_claims(instance, solution.signed(instance, solver, "hindsight", verdict.cost), verdict) == []
    assert solution.lower_bound is not None
    assert bound_holds(solution.lower_bound, optimum)
    if solver == "scip" and solution.status == "timeout":
        return
    close = 1e-6 if instance.system.couples_budgets else CLOSE[solver]
    cost = independent.evaluate(document(seed), *decisions)["cost"]
    assert cost == pytest.approx(optimum, rel=close)
    assert solution.lower_bound == pytest.approx(optimum, rel=max(close, 1e-6))
    assert solution.status == "optimal"


@pytest.mark.parametrize("count", [FAST, pytest.param(len(SEEDS), marks=pytest.mark.slow)])
def test_the_instances_are_of_every_kind(count: int) -> None:
    """Each matters: the caches are used, some requests are late at the optimum and some with a deadline are not."""
    kinds: dict[str, int] = {}
    for seed in SEEDS[:count]:
        made, found = document(seed), best(seed)
        system, requests = made["system"], made["trace"]["request"]
        worth = independent.evaluate(made, found.cache, found.bandwidth, found.steps)
        coupled = system["deadline_s"] is not None and system["late_penalty"] > 0
        features = {
            "deadline": coupled,
            "late": coupled and worth["late_ratio"] > 0,
            "in time": coupled and worth["late_ratio"] < 1,
            "idle users": any(-1 in slot for frame in requests for slot in frame),
            "forced edge": system["forced_edge"],
            "loading": system["load_cost_per_gb"] > 0,
            "free loading": system["load_cost_per_gb"] == 0,
            "ties": len({model["size_gb"] for model in made["models"]}) == 1,
            "five models": len(made["models"]) == 5,
            "edge": worth["edge_served_ratio"] > 0,
            "cloud": worth["edge_served_ratio"] < 1,
        }
        kinds = {name: kinds.get(name, 0) + features[name] for name in features}
    assert min(kinds.values()) >= count // 6, kinds
