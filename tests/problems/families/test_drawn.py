"""The named families keep to their ranges on every seed, and each is what it is for."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from problems.caches import fill_in_order
from problems.equal_split import equal_split
from problems.families.drawn import FAMILIES
from problems.families.named import family_scenario, sized_family
from problems.families.sampling import sample_instance
from problems.io.errors import InputError
from problems.judge import judge
from problems.scenario import Scenario
from problems.solution import Solution

SEEDS = range(25)
EXTENT = {  # M, N, T, K
    "tiny": (3, 2, 3, 2),
    "small": (6, 4, 10, 4),
    "paper": (10, 10, 10, 10),
    "drift": (10, 10, 40, 5),
    "deadline": (8, 8, 10, 5),
    "metro": (40, 200, 20, 10),
}


def scenarios(family: str) -> list[Scenario]:
    return [family_scenario(family, seed) for seed in SEEDS]


def within(value: float, low: float, high: float) -> bool:
    """In [low, high], give or take a rounding to six digits."""
    return low * (1 - 1e-5) <= value <= high * (1 + 1e-5)


def test_the_families_are_those_of_the_problem() -> None:
    assert list(FAMILIES) == list(EXTENT)


@pytest.mark.parametrize("family", FAMILIES)
def test_extent(family: str) -> None:
    for scenario in scenarios(family):
        assert (len(scenario.models), scenario.users, scenario.frames, scenario.slots) == EXTENT[family]


@pytest.mark.parametrize("family", FAMILIES)
def test_models_keep_to_their_ranges(family: str) -> None:
    for scenario in scenarios(family):
        for model in scenario.models:
            assert within(model.size_gb, 2, 10)
            assert within(model.steps_low, 5, 15)
            assert within(model.steps_high, 30, 60)
            assert within(model.tv_worst, 100, 150)
            assert within(model.tv_best, 20, 50)
            assert within((model.step_s - 0.02) / (0.02 * model.size_gb), 0.4999, 1.5001)
            assert within(model.setup_s, 0.2, 1.5)
            assert within(model.cloud_s - model.step_s * model.steps_high / 2 - model.setup_s, 3.9999, 12.0001)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_ranges_are_used_from_end_to_end(family: str) -> None:
    models = [model for scenario in scenarios(family) for model in scenario.models]
    for field, low, high in [("size_gb", 2, 10), ("tv_worst", 100, 150), ("setup_s", 0.2, 1.5), ("steps_high", 30, 60)]:
        values = np.array([getattr(model, field) for model in models])
        assert abs(values.mean() - (low + high) / 2) < 0.15 * (high - low)
        assert values.min() < low + 0.1 * (high - low)
        assert values.max() > high - 0.1 * (high - low)


@pytest.mark.parametrize("family", FAMILIES)
def test_system(family: str) -> None:
    for scenario in scenarios(family):
        system, users = scenario.system, scenario.users
        share = 1 / 2 if family == "tiny" else 1 / 3
        assert system.cache_gb == pytest.approx(share * sum(m.size_gb for m in scenario.models), rel=1e-5)
        assert system.step_budget == 20 * users
        assert (system.uplink_mhz, system.downlink_mhz) == (3.0 * users, 6.0 * users)
        assert (system.user_power_w, system.bs_power_w) == (0.2, 20.0)
        assert system.noise_w_per_mhz == pytest.approx(10**-17.4 / 1000 * 1e6, rel=1e-5)  # -174 dBm/Hz
        assert (system.backhaul_mbps, system.latency_weight, system.tv_to_s) == (100.0, 0.5, 0.15)
        assert system.forced_edge == (family == "paper")
        sigma = 0.012 * users * scenario.slots if family == "drift" else 0.0
        assert system.load_cost_per_gb == pytest.approx(sigma, rel=1e-5)
        assert system.late_penalty == (1.0 if family == "deadline" else 0.0)
        assert (system.deadline_s is None) == (family != "deadline")


@pytest.mark.parametrize("family", ["tiny", "small", "drift", "deadline"])
def test_the_cache_is_the_exact_share_of_the_sizes_rounded_half_to_even(family: str) -> None:
    ties = 0
    for seed in range(60):
        scenario = family_scenario(family, seed)
        total = sum(Decimal(repr(model.size_gb)) for model in scenario.models)
        share = 2 if family == "tiny" else 3
        with localcontext(prec=6):
            rounded = total / share
        assert scenario.system.cache_gb == float(rounded)
        ties += abs(total - share * rounded) * 2 == share * Decimal(1).scaleb(rounded.adjusted() - 5)
    assert ties > 5 or family != "tiny"


@pytest.mark.parametrize("family", FAMILIES)
def test_demand(family: str) -> None:
    for scenario in scenarios(family):
        demand = scenario.demand
        assert demand.skew == ((0.2, 0.6, 1.0) if family == "paper" else (0.8, 1.2, 1.6))
        assert demand.transition == ((0.7, 0.15, 0.15), (0.15, 0.7, 0.15), (0.15, 0.15, 0.7))
        assert (demand.activity, demand.cell_km, demand.state_observed) == (1.0, 0.5, True)
        assert demand.input_mb == demand.output_mb == (0.5, 10.0)
        if family == "drift":
            assert len(set(demand.ranking)) == 3
        else:
            assert len(set(demand.ranking)) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_fixes_a_scenario_and_seeds_differ(family: str) -> None:
    drawn = scenarios(family)
    assert family_scenario(family, 0) == drawn[0]
    assert len({scenario.models for scenario in drawn}) == len(drawn)
    if family != "tiny":  # three models have six orders
        assert len({scenario.demand.ranking for scenario in drawn}) > len(drawn) // 2


def test_drift_fills_its_cache_for_about_three_per_cent_of_a_frame() -> None:
    shares = []
    for seed in range(8):
        scenario = family_scenario("drift", seed)
        instance = sample_instance(scenario, 0)
        verdict = judge(instance, popularity_and_equal_split(scenario, 0))
        frame = (verdict.cost - verdict.loading_cost) * instance.active_requests / instance.frames
        shares.append(scenario.system.load_cost_per_gb * scenario.system.cache_gb / frame)
    assert 0.02 < np.mean(shares) < 0.04


def popularity_and_equal_split(scenario: Scenario, trace_seed: int) -> Solution:
    """The most popular models that fit, in every frame, and an equal split."""
    instance = sample_instance(scenario, trace_seed)
    popular = np.argsort(-(scenario.demand.stationary @ scenario.demand.popularity))
    cache = fill_in_order(popular, scenario.catalogue.size_gb, scenario.system.cache_gb)
    request = instance.trace.request.reshape(-1, instance.users)
    bandwidth, steps = equal_split(request, cache[request], scenario.catalogue, scenario.system.step_budget)
    shape = instance.trace.request.shape
    return Solution(np.tile(cache, (instance.frames, 1)), bandwidth.reshape(shape), steps.reshape(shape))


def test_a_quarter_of_an_equal_split_is_late_on_traces_that_the_deadline_was_not_set_by() -> None:
    ratios = []
    for seed in range(12):
        scenario = family_scenario("deadline", seed)
        for trace_seed in range(3):
            solution = popularity_and_equal_split(scenario, trace_seed)
            ratios.append(judge(sample_instance(scenario, trace_seed), solution).late_ratio)
    assert np.mean(ratios) == pytest.approx(0.25, abs=0.03)
    assert 0.1 < min(ratios) < max(ratios) < 0.45


def test_an_unknown_family_gets_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r"^family: 'dirft'; did you mean 'drift'\? must be one of tiny, "):
        family_scenario("dirft", 0)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(InputError, match=r"^scenario seed: -1; must be >= 0$"):
        family_scenario("tiny", -1)


@pytest.mark.parametrize("family", FAMILIES)
def test_other_sizes_follow_the_rules_of_the_family(family: str) -> None:
    name = sized_family(family, models=7, users=5, slots=3, frames=2)
    assert name == f"{family}-m7-n5-k3-t2"
    own, scenario = family_scenario(family, 4), family_scenario(name, 4)
    system = scenario.system
    assert scenario.family == name
    assert (len(scenario.models), scenario.users, scenario.slots, scenario.frames) == (7, 5, 3, 2)
    assert (system.step_budget, system.uplink_mhz, system.downlink_mhz) == (100, 15.0, 30.0)
    share = 1 / 2 if family == "tiny" else 1 / 3
    assert system.cache_gb == pytest.approx(share * sum(m.size_gb for m in scenario.models), rel=1e-5)
    assert system.load_cost_per_gb == pytest.approx(0.012 * 5 * 3 if family == "drift" else 0.0, rel=1e-5)
    same = ("latency_weight", "tv_to_s", "late_penalty", "forced_edge", "backhaul_mbps", "noise_w_per_mhz")
    assert all(getattr(system, field) == getattr(own.system, field) for field in same)
    assert (scenario.demand.skew, scenario.demand.transition) == (own.demand.skew, own.demand.transition)


def test_the_deadline_of_other_sizes_makes_a_quarter_of_an_equal_split_late() -> None:
    ratios = []
    for seed in range(8):
        scenario = family_scenario("deadline-m20-n4-k6-t10", seed)
        solution = popularity_and_equal_split(scenario, 0)
        ratios.append(judge(sample_instance(scenario, 0), solution).late_ratio)
    assert np.mean(ratios) == pytest.approx(0.25, abs=0.05)


def test_an_instance_has_one_name() -> None:
    assert sized_family("paper", models=10, slots=10) == "paper"
    assert sized_family("paper-m20-n10-k10-t1", models=10, frames=10) == "paper"
    assert family_scenario("paper-m10-n10-k10-t10", 3) == family_scenario("paper", 3)
    assert sized_family("paper-m20-n10-k10-t1", users=5) == "paper-m20-n5-k10-t1"


def test_each_size_has_a_name_a_hash_and_traces_of_its_own() -> None:
    names = [sized_family("paper", models=m, users=n, frames=1) for m in (5, 20) for n in (5, 20)]
    instances = [sample_instance(family_scenario(name, 1), 2) for name in names]
    assert [instance.name for instance in instances] == [f"{name}-s1-t2" for name in names]
    assert [instance.family for instance in instances] == names
    assert len({instance.sha256 for instance in instances}) == 4


def test_other_sizes_are_the_same_on_every_platform() -> None:
    digests = {
        "paper-m20-n10-k10-t1": "f3f2e23e20e53ca71252d00a5ad00c2ffe56a1945b23080c12d31fb1c6206194",
        "deadline-m4-n3-k2-t2": "9ac7ae90d94d31552f47dcb67f60b1b32971604d43b6b324111e93d070c31189",
    }
    for name, digest in digests.items():
        assert sample_instance(family_scenario(name, 1), 2).sha256 == digest


@pytest.mark.parametrize(
    ("name", "sizes", "words"),
    [
        ("paper", {"models": 0}, "models: 0; must be from 1 to 100000"),
        ("paper", {"slots": 100_001}, "slots: 100001; must be from 1 to 100000"),
        ("paper-m200000-n1-k1-t1", {}, "family: 'paper-m200000-n1-k1-t1'; no size may exceed 100000"),
        ("papre-m2-n1-k1-t1", {}, "family: 'papre-m2-n1-k1-t1'; did you mean 'paper'? must be one of tiny, "),
        ("paper-m20", {}, "family: 'paper-m20'; did you mean 'paper'? must be one of"),
        ("paper-m0-n1-k1-t1", {}, "family: 'paper-m0-n1-k1-t1'; "),
    ],
)
def test_sizes_that_no_family_has(name: str, sizes: dict[str, int], words: str) -> None:
    with pytest.raises(InputError, match=words.replace("?", r"\?")):
        sized_family(name, **sizes)
