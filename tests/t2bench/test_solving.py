"""Solvers by name, class or object give the same answers, in this process and in one of their own."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import t2bench
from problems.instance import Instance
from solvers.base import Unsuitable
from solvers.caching.exhaustive import Exhaustive
from solvers.caching.lru import LeastRecentlyUsed


@dataclass(frozen=True)
class Smallest(t2bench.OnlineCaching):
    """As many models as fit, the smallest first."""

    tier = "online-model-free"
    keep_free_gb: float = 0.0

    def choose(self, frame: t2bench.FrameView) -> np.ndarray:
        size = frame.catalogue.size_gb
        return t2bench.fill_in_order(np.argsort(size), size, frame.system.cache_gb - self.keep_free_gb)


@dataclass(frozen=True)
class Even(t2bench.AllocationStrategy):
    """Equal bandwidth, no steps."""

    def allocate(self, slots: t2bench.Slots) -> tuple[np.ndarray, np.ndarray]:
        active = slots.active
        return active / np.maximum(active.sum(axis=1, keepdims=True), 1), np.zeros(active.shape, dtype=int)


@dataclass(frozen=True)
class Overfull(t2bench.OnlineCaching):
    """Every model, whatever fits."""

    def choose(self, frame: t2bench.FrameView) -> np.ndarray:
        return np.ones(len(frame.catalogue), dtype=bool)


@dataclass(frozen=True)
class Refuses(t2bench.OnlineCaching):
    """Takes nothing."""

    def choose(self, frame: t2bench.FrameView) -> np.ndarray:
        raise Unsuitable("not today")


@pytest.fixture(scope="module")
def instance() -> Instance:
    return t2bench.sample("tiny", 1)


def test_a_name_a_class_and_an_object_are_the_same_solver(instance: Instance) -> None:
    answers = [t2bench.solve(instance, one) for one in ("lru", LeastRecentlyUsed, LeastRecentlyUsed())]
    assert len({answer.cost for answer in answers}) == 1
    assert {answer.status for answer in answers} == {"feasible"}
    assert [answer.solution and answer.solution.solver for answer in answers] == ["lru", *2 * ["LeastRecentlyUsed"]]


@pytest.mark.parametrize("solver", ["exhaustive", "lru+equal", "branch-and-bound", Exhaustive, Smallest(1.0)])
def test_a_process_of_its_own_gives_the_same_outcome(instance: Instance, solver: Any) -> None:
    here = t2bench.solve(instance, solver, seed=3)
    there = t2bench.solve(instance, solver, seed=3, memory_limit_gb=4.0)
    assert there.error is None
    assert (here.status, here.cost, here.lower_bound) == (there.status, there.cost, there.lower_bound)
    assert (here.tier, here.exact, here.proved) == (there.tier, there.exact, there.proved)
    assert here.solution is not None
    assert there.solution is not None
    assert here.solution.solver == there.solution.solver
    assert np.array_equal(here.solution.steps, there.solution.steps)
    assert [event.kind for event in here.events] == [event.kind for event in there.events]


def test_the_optimum_is_certified_and_no_answer_is_cheaper(instance: Instance) -> None:
    best = t2bench.solve(instance, "exhaustive")
    assert best.status == "optimal"
    assert best.proved
    assert best.cost <= t2bench.solve(instance, Smallest).cost
    assert best.solve_s is not None
    assert best.solve_s > 0


def test_settings_are_those_of_the_name_or_the_class(instance: Instance) -> None:
    assert t2bench.solver(Smallest, settings={"keep_free_gb": 2.0}) == t2bench.solver(Smallest(2.0))
    assert t2bench.solver("random+genetic", settings={"generations": 3}).allocation.generations == 3  # type: ignore[attr-defined]


def test_a_pair_is_made_of_whatever_is_given(instance: Instance) -> None:
    pair = t2bench.solver(Smallest, allocation=Even)
    assert pair == t2bench.solver(Smallest(), Even())
    answer = t2bench.solve(instance, pair)
    assert answer.solution is not None
    assert answer.solution.solver == "Smallest+Even"
    assert answer.solution.steps.sum() == 0
    assert t2bench.solver("lru", allocation="equal") == t2bench.solver("lru+equal")


def test_an_answer_that_breaks_a_rule_is_invalid_and_costs_infinitely_much(instance: Instance) -> None:
    answer = t2bench.solve(instance, Overfull)
    assert answer.status == "invalid"
    assert "cache.capacity" in [broken.rule for broken in answer.violations]
    assert answer.cost == math.inf


def test_what_a_solver_raises_is_raised_here_and_told_from_a_process(instance: Instance) -> None:
    with pytest.raises(Unsuitable, match="not today"):
        t2bench.solve(instance, Refuses)
    answer = t2bench.solve(instance, Refuses, time_limit_s=20.0)
    assert (answer.status, answer.error, answer.cost) == ("skipped", "not today", math.inf)


def test_a_start_is_improved_on(instance: Instance) -> None:
    start = t2bench.solve(instance, "none").solution
    assert start is not None
    assert t2bench.solve(instance, "milp", start=start).cost <= t2bench.judge(instance, start).cost


def test_a_policy_is_played_whatever_form_it_has(instance: Instance) -> None:
    def smallest(frame: t2bench.FrameView) -> np.ndarray:
        return Smallest().choose(frame)

    class Both:
        def choose(self, frame: t2bench.FrameView) -> np.ndarray:
            return smallest(frame)

        def allocate(self, slots: t2bench.Slots) -> tuple[np.ndarray, np.ndarray]:
            return Even().allocate(slots)

    def worth(*policy: Any) -> float:
        return t2bench.judge(instance, t2bench.rollout(instance, *policy)).cost

    exact = t2bench.solve(instance, Smallest).cost
    assert worth(smallest) == worth(Smallest()) == pytest.approx(exact, rel=1e-9)
    even = t2bench.solve(instance, t2bench.solver(Smallest, Even)).cost
    for split in (Even, Even(), Even().allocate):
        assert worth(smallest, split) == pytest.approx(even, rel=1e-9)
    assert worth(Both()) == worth(smallest, Even)
    assert worth(smallest, "equal") == pytest.approx(t2bench.solve(instance, t2bench.solver(Smallest, "equal")).cost)


def test_a_policy_knows_what_its_tier_knows(instance: Instance) -> None:
    told = []

    def choose(frame: t2bench.FrameView) -> np.ndarray:
        told.append(frame.demand is not None)
        return np.zeros(len(frame.catalogue), dtype=bool)

    assert t2bench.rollout(instance, choose).tier == "online-model-based"
    assert t2bench.rollout(instance, choose, tier="online-model-free").tier == "online-model-free"
    assert told == [True] * instance.frames + [False] * instance.frames
    assert t2bench.rollout(instance, Smallest()).tier == "online-model-free"


def test_solvers_are_listed_with_their_promises() -> None:
    solvers = t2bench.solvers().set_index("name")
    assert solvers.loc["exhaustive", ["kind", "tier", "exact", "bound"]].tolist() == [
        "caching",
        "hindsight",
        True,
        True,
    ]
    assert solvers.loc["equal", "kind"] == "allocation"
    assert {"scip", "t2drl"} <= set(solvers.index)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (lambda: t2bench.solver("exhaustiv"), "solver: 'exhaustiv'"),
        (lambda: t2bench.solver(Smallest, settings={"keep": 1}), "solver Smallest: "),
        (
            lambda: t2bench.solver(Smallest(), settings={"keep_free_gb": 1}),
            "settings: {'keep_free_gb': 1}; must be none",
        ),
        (lambda: t2bench.solver(Even), "solver: Even is an allocation strategy; must be paired"),
        (lambda: t2bench.solver("milp", "equal"), "allocation: 'equal'; milp answers the whole programme"),
        (lambda: t2bench.solver(Smallest, "lru"), "allocation: 'lru'; must be an allocation strategy"),
        (lambda: t2bench.solver(3), "solver: 3; must be a name, or a class"),  # type: ignore[arg-type]
        (lambda: t2bench.solve(t2bench.sample("tiny"), "lru", seed=-1), "seed: -1; must be >= 0"),
        (lambda: t2bench.rollout(t2bench.sample("tiny"), 3), "policy: 3; must be a function"),  # type: ignore[arg-type]
    ],
)
def test_bad_input_is_one_line(asked: Any, line: str) -> None:
    with pytest.raises(t2bench.InputError) as caught:
        asked()
    assert str(caught.value).startswith(line)
    assert len(str(caught.value).splitlines()) == 1
