"""The judge against an evaluator written from the problem's description alone, and every rule by itself."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from problems.instance import Instance
from problems.judge import (
    Violation,
    bound_holds,
    captured_gain,
    check_claims,
    judge,
    optimality_gap,
    proves_optimal,
)
from problems.solution import Solution
from tests import independent
from tests.cases import (
    as_instance,
    edited,
    random_decisions,
    random_document,
    random_feasible,
    sampled,
)

NAN, INFINITY = float("nan"), float("inf")


def agrees(document: dict[str, Any], solution: Solution) -> None:
    """Cost, parts and metrics are those of the independent evaluator."""
    verdict = asdict(judge(as_instance(document), solution))
    expected = independent.evaluate(document, solution.cache, solution.bandwidth, solution.steps)
    assert {key: verdict[key] for key in expected} == pytest.approx(expected, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("seed", range(40))
def test_feasible_decisions_cost_what_the_formulas_say(seed: int) -> None:
    document = random_document(seed)
    instance = as_instance(document)
    for draw in range(3):
        solution = random_feasible(instance, draw)
        agrees(document, solution)
        assert independent.broken(document, solution.cache, solution.bandwidth, solution.steps) == []
        assert judge(instance, solution).violations == ()


@pytest.mark.parametrize("seed", range(20))
def test_infeasible_decisions_cost_what_the_formulas_say(seed: int) -> None:
    document = random_document(seed)
    solution = random_decisions(as_instance(document), seed)
    agrees(document, solution)
    assert independent.broken(document, solution.cache, solution.bandwidth, solution.steps)
    assert not judge(as_instance(document), solution).feasible


@pytest.mark.parametrize("family", ["tiny", "paper", "drift", "deadline"])
def test_the_families_too(family: str) -> None:
    instance = sampled(family, 2, 1)
    for draw in range(3):
        agrees(instance.document, random_feasible(instance, draw))


@pytest.mark.parametrize("seed", range(30))
def test_one_change_is_found_by_both(seed: int) -> None:
    """From feasible decisions, one entry changed at random: both evaluators agree on whether a rule breaks."""
    document, rng = random_document(seed), np.random.default_rng(seed)
    instance = as_instance(document)
    verdicts = set()
    for draw in range(20):
        base = random_feasible(instance, draw)
        arrays = {name: getattr(base, name) + 0.0 for name in ("cache", "bandwidth", "steps")}
        name = rng.choice(list(arrays))
        place = tuple(rng.integers(0, arrays[name].shape))
        arrays[name][place] = rng.choice([0, 1, 0.01, 2, 500])
        solution = Solution(**arrays)
        feasible = not independent.broken(document, *arrays.values())
        assert judge(instance, solution).feasible == feasible
        verdicts.add(feasible)
    assert verdicts == {True, False}


@pytest.fixture
def document() -> dict[str, Any]:
    """2 frames, 1 slot, 3 users (the last idle in frame 0), 3 models of 4, 5 and 6 GB, 10 GB of cache, 30 steps."""
    document = random_document(5, shape=(2, 1, 3), models=3, idle=0.0, deadline=False, forced_edge=False)
    for model, size in zip(document["models"], (4.0, 5.0, 6.0), strict=True):
        model["size_gb"] = size
    document["system"] |= {"cache_gb": 10.0, "step_budget": 30}
    document["trace"]["request"] = [[[0, 1, -1]], [[2, 2, 0]]]
    return document


def decisions() -> dict[str, Any]:
    """Feasible decisions for that document."""
    return {
        "cache": np.array([[1.0, 1, 0], [0, 0, 1]]),
        "bandwidth": np.array([[[0.5, 0.5, 0.0]], [[0.25, 0.25, 0.5]]]),
        "steps": np.array([[[10.0, 20, 0]], [[15, 0, 0]]]),
    }


def violations(document: dict[str, Any], name: str, place: tuple[int, ...], value: float) -> list[Violation]:
    """What breaks when one entry of the feasible decisions is changed."""
    arrays = decisions()
    assert judge(as_instance(document), Solution(**arrays)).violations == ()
    arrays[name][place] = value
    return list(judge(as_instance(document), Solution(**arrays)).violations)


@pytest.mark.parametrize(
    ("name", "place", "value", "rule", "where", "amount"),
    [
        ("cache", (1, 0), NAN, "cache.missing", "cache[1][0]", None),
        ("cache", (1, 0), 0.5, "cache.binary", "cache[1][0]", 0.5),
        ("cache", (1, 0), -1, "cache.binary", "cache[1][0]", -1),
        ("cache", (0, 2), 1, "cache.capacity", "cache[0]", 5.0),
        ("bandwidth", (1, 0, 1), NAN, "bandwidth.missing", "bandwidth[1][0][1]", None),
        ("bandwidth", (1, 0, 1), INFINITY, "bandwidth.missing", "bandwidth[1][0][1]", None),
        ("bandwidth", (1, 0, 1), -0.25, "bandwidth.negative", "bandwidth[1][0][1]", -0.25),
        ("bandwidth", (1, 0, 1), 0, "bandwidth.zero", "bandwidth[1][0][1]", None),
        ("bandwidth", (1, 0, 1), 0.75, "bandwidth.sum", "bandwidth[1][0]", 0.5),
        ("bandwidth", (0, 0, 2), 1e-12, "bandwidth.idle", "bandwidth[0][0][2]", 1e-12),
        ("steps", (0, 0, 1), NAN, "steps.missing", "steps[0][0][1]", None),
        ("steps", (0, 0, 1), 19.5, "steps.fractional", "steps[0][0][1]", 19.5),
        ("steps", (0, 0, 1), 0.25, "steps.fractional", "steps[0][0][1]", 0.25),
        ("steps", (0, 0, 1), 1 + 1e-12, "steps.fractional", "steps[0][0][1]", 1 + 1e-12),
        ("steps", (0, 0, 1), -2, "steps.negative", "steps[0][0][1]", -2),
        ("steps", (0, 0, 1), 21, "steps.budget", "steps[0][0]", 1),
        ("steps", (0, 0, 2), 1, "steps.idle", "steps[0][0][2]", 1),
        ("steps", (1, 0, 2), 1, "steps.uncached", "steps[1][0][2]", 1),
        ("cache", (0, 1), 0, "steps.uncached", "steps[0][0][1]", 20),
    ],
)
def test_every_rule_names_its_place_and_amount(
    name: str,
    place: tuple[int, ...],
    value: float,
    rule: str,
    where: str,
    amount: float | None,
    document: dict[str, Any],
) -> None:
    found = violations(document, name, place, value)
    assert (rule, where) in {(violation.rule, violation.place) for violation in found}
    violation = next(violation for violation in found if violation.rule == rule)
    assert violation.amount == (None if amount is None else pytest.approx(amount, rel=1e-9))
    assert where in violation.message
    assert "\n" not in violation.message
    assert {violation.rule for violation in found} <= {rule, "bandwidth.sum", "steps.budget", "steps.uncached"}


def test_a_forced_edge_takes_every_request_for_a_cached_model(document: dict[str, Any]) -> None:
    forced = edited(document, ("system", "forced_edge"), True)
    arrays = decisions()
    found = judge(as_instance(forced), Solution(**arrays)).violations
    assert [(violation.rule, violation.place) for violation in found] == [("steps.forced_edge", "steps[1][0][1]")]
    arrays["steps"][1, 0, 1] = 1
    assert judge(as_instance(forced), Solution(**arrays)).violations == ()


def test_every_breach_is_listed(document: dict[str, Any]) -> None:
    instance = as_instance(document)
    found = judge(instance, Solution(np.ones((2, 3)), np.ones((2, 1, 3)), np.full((2, 1, 3), 11.0))).violations
    assert sorted((violation.rule, violation.place) for violation in found) == [
        ("bandwidth.idle", "bandwidth[0][0][2]"),
        ("bandwidth.sum", "bandwidth[0][0]"),
        ("bandwidth.sum", "bandwidth[1][0]"),
        ("cache.capacity", "cache[0]"),
        ("cache.capacity", "cache[1]"),
        ("steps.budget", "steps[0][0]"),
        ("steps.budget", "steps[1][0]"),
        ("steps.idle", "steps[0][0][2]"),
    ]


def test_the_tolerance_is_a_relative_billionth_of_the_sums(document: dict[str, Any]) -> None:
    arrays = decisions()
    for excess, feasible in ((5e-10, True), (2e-9, False)):
        wider = arrays | {"bandwidth": arrays["bandwidth"] * (1 + excess)}
        assert judge(as_instance(document), Solution(**wider)).feasible == feasible
        document["system"]["cache_gb"] = 9.0 / (1 + excess)
        assert judge(as_instance(document), Solution(**arrays)).feasible == feasible
        document["system"]["cache_gb"] = 10.0


@pytest.mark.parametrize("alpha", [0.0, 0.5])
@pytest.mark.parametrize(("deadline", "penalty"), [(None, 0.0), (3.0, 0.0), (3.0, 1.0)])
@pytest.mark.parametrize("b", [0.0, -0.1, NAN, 1e-320])
def test_no_bandwidth_is_infinitely_slow(
    b: float, deadline: float | None, penalty: float, alpha: float, document: dict[str, Any]
) -> None:
    """Never a finite cost nor NaN, whatever the weights; late wherever there is a deadline."""
    document["system"] |= {"latency_weight": alpha, "deadline_s": deadline, "late_penalty": penalty}
    document["trace"]["output_mb"] = np.zeros((2, 1, 3)).tolist()
    document["trace"]["input_mb"] = np.ones((2, 1, 3)).tolist()
    arrays = decisions()
    arrays["bandwidth"][1] = b
    arrays["bandwidth"][0, 0, :2] = 0.5
    verdict = judge(as_instance(document), Solution(**arrays))
    assert verdict.cost == INFINITY
    assert verdict.mean_latency_s == INFINITY
    if deadline is not None:
        assert verdict.late_ratio >= 3 / 5


@pytest.mark.parametrize("value", [1e308, -1e308, 1e-320, INFINITY, -INFINITY, NAN])
@pytest.mark.parametrize("name", ["cache", "bandwidth", "steps"])
def test_wild_numbers_are_judged_without_a_warning(name: str, value: float, document: dict[str, Any]) -> None:
    arrays = decisions()
    arrays[name][...] = value
    arrays[name][0, 0] = -value
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = judge(as_instance(document), Solution(**arrays))
    assert not verdict.feasible
    assert not math.isnan(verdict.cost)
    json.dumps(verdict.document(), allow_nan=False)


def test_late_ratio_counts_what_is_beyond_the_deadline(document: dict[str, Any]) -> None:
    instance = as_instance(document)
    solution = Solution(**decisions())
    latencies = []
    for t, k, n, request in independent.active_requests(document):
        seconds, _ = independent.generation(document["system"], request, solution.steps[t, k, n])
        air = independent.air_time(document["system"], request, solution.bandwidth[t, k, n])
        latencies.append(air + seconds)
    assert judge(instance, solution).late_ratio == 0
    assert judge(instance, solution).late_cost == 0
    for late in range(6):
        bounds = [0.0, *sorted(latencies), 2 * max(latencies)]
        tau = (bounds[5 - late] + bounds[6 - late]) / 2
        document["system"] |= {"deadline_s": tau, "late_penalty": 0.0}
        verdict = judge(as_instance(document), solution)
        assert verdict.late_ratio == pytest.approx(late / 5)
        assert verdict.late_cost == 0
        document["system"]["late_penalty"] = 2.0
        beyond = sum(max(0.0, latency - tau) for latency in latencies)
        assert judge(as_instance(document), solution).late_cost == pytest.approx(2 * beyond / 5, rel=1e-12)


def test_loading_is_paid_when_a_model_enters_the_cache(document: dict[str, Any]) -> None:
    document["system"]["load_cost_per_gb"] = 0.1
    for cache, loaded in (
        ([[0, 0, 0], [0, 0, 0]], 0),
        ([[1, 0, 0], [1, 0, 0]], 4),
        ([[1, 0, 0], [0, 0, 0]], 4),
        ([[0, 0, 0], [1, 0, 0]], 4),
        ([[1, 1, 0], [0, 0, 1]], 15),
        ([[1, 1, 0], [1, 0, 1]], 15),
    ):
        solution = Solution(np.array(cache), decisions()["bandwidth"], np.zeros((2, 1, 3)))
        verdict = judge(as_instance(document), solution)
        assert verdict.loaded_gb == loaded
        assert verdict.loading_cost == pytest.approx(0.1 * loaded / 5, rel=1e-12)


def test_nobody_asks_for_anything(document: dict[str, Any]) -> None:
    document["trace"]["request"] = np.full((2, 1, 3), -1).tolist()
    document["system"]["load_cost_per_gb"] = 0.5
    nothing = np.zeros((2, 1, 3))
    assert judge(as_instance(document), Solution(np.zeros((2, 3)), nothing, nothing)).cost == 0
    held = judge(as_instance(document), Solution(np.array([[1, 0, 0], [1, 0, 0]]), nothing, nothing))
    assert (held.cost, held.feasible, held.active_requests, held.hit_ratio) == (2.0, True, 0, 0)


def test_the_wrong_shape_is_an_error(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^steps: array of shape \[2, 1\]; must be \[2, 1, 3\]$"):
        judge(as_instance(document), replace(Solution(**decisions()), steps=np.zeros((2, 1))))


def test_types_of_the_arrays_do_not_matter(document: dict[str, Any]) -> None:
    arrays = decisions()
    first = judge(as_instance(document), Solution(**arrays))
    second = judge(
        as_instance(document),
        Solution(arrays["cache"].astype(bool), arrays["bandwidth"], arrays["steps"].astype(np.int8)),
    )
    assert first == second


class TestClaims:
    """What a solution says of itself is checked, never believed."""

    @pytest.fixture
    def instance(self, document: dict[str, Any]) -> Instance:
        return as_instance(document)

    def rules(self, instance: Instance, **claims: Any) -> list[str]:
        plain = Solution(**decisions())
        cost = judge(instance, plain).cost
        factor = claims.pop("objective", 1.0)
        signed = replace(plain.signed(instance, "x", "hindsight", None if factor is None else factor * cost), **claims)
        if claims.get("lower_bound") is not None:
            signed = replace(signed, lower_bound=claims["lower_bound"] * cost)
        return [violation.rule for violation in check_claims(instance, signed, judge(instance, signed))]

    def test_true_claims(self, instance: Instance) -> None:
        assert self.rules(instance) == []
        assert self.rules(instance, objective=None) == []
        assert self.rules(instance, objective=1 + 5e-10, lower_bound=1 + 5e-10, status="optimal") == []
        assert self.rules(instance, lower_bound=1 - 9e-7, status="optimal") == []
        assert self.rules(instance, lower_bound=0.1, status="timeout") == []

    def test_the_objective(self, instance: Instance) -> None:
        assert self.rules(instance, objective=1 - 3e-9) == ["claim.objective"]
        assert self.rules(instance, objective=0.0) == ["claim.objective"]

    def test_the_bound(self, instance: Instance) -> None:
        assert self.rules(instance, lower_bound=1 + 3e-9) == ["claim.lower_bound"]

    def test_optimality(self, instance: Instance) -> None:
        assert self.rules(instance, status="optimal") == ["claim.status"]
        assert self.rules(instance, lower_bound=1 - 2e-6, status="optimal") == ["claim.status"]

    def test_infeasibility(self, instance: Instance) -> None:
        assert self.rules(instance, status="infeasible") == ["claim.status"]

    def test_the_instance(self, instance: Instance) -> None:
        assert self.rules(instance, instance_sha256="") == ["claim.instance"]
        assert self.rules(instance, instance_sha256=instance.sha256.upper()) == ["claim.instance"]

    def test_a_bound_says_nothing_about_infeasible_decisions(self, instance: Instance) -> None:
        arrays = decisions()
        arrays["bandwidth"] *= 2
        signed = replace(Solution(**arrays), lower_bound=1e9).signed(instance, "x", "hindsight", None)
        assert check_claims(instance, signed, judge(instance, signed)) == []

    def test_an_infinite_cost_confirms_no_objective(self, instance: Instance) -> None:
        arrays = decisions()
        arrays["bandwidth"][...] = 0
        signed = Solution(**arrays).signed(instance, "x", "hindsight", 1.0)
        found = check_claims(instance, signed, judge(instance, signed))
        assert [(violation.rule, violation.amount) for violation in found] == [("claim.objective", None)]


def test_gap_and_gain() -> None:
    assert optimality_gap(11.0, 10.0) == pytest.approx(0.1)
    assert optimality_gap(0.0, 0.0) == 0
    assert optimality_gap(1.0, 0.0) == INFINITY
    assert captured_gain(8.0, 10.0, 6.0) == pytest.approx(0.5)
    assert captured_gain(10.0, 10.0, 6.0) == 0
    assert captured_gain(6.0, 10.0, 6.0) == 1
    assert captured_gain(11.0, 10.0, 6.0) == pytest.approx(-0.25)
    assert captured_gain(10.0, 10.0, 10.0) is None


def test_what_a_bound_proves() -> None:
    assert proves_optimal(100.0, 100.0 - 0.9e-4)
    assert not proves_optimal(100.0, 100.0 - 1.1e-4)
    assert not proves_optimal(100.0, None)
    assert not proves_optimal(100.0, NAN)
    assert bound_holds(100.0, 100.0)
    assert not bound_holds(100.0 + 1e-6, 100.0)
    assert not bound_holds(NAN, 100.0)
