"""Families with changes: one name each, the unchanged random numbers, and nothing changed but what was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from problems.families.changes import Changes, join_changes, plain_name, split_changes
from problems.families.drawn import FAMILIES, changed_family, family_scenario, sized_family
from problems.families.sampling import sample_instance, sample_trace
from problems.instance import Trace
from problems.io.errors import InputError
from problems.scenario import Scenario


def fields_that_differ(one: Scenario, other: Scenario) -> set[str]:
    """Of system and demand; the models and the extent must not differ."""
    assert (one.models, one.users, one.frames, one.slots) == (other.models, other.users, other.frames, other.slots)
    system, demand = one.system.model_dump(), one.demand.model_dump()
    others = other.system.model_dump() | other.demand.model_dump()
    return {field for field, value in (system | demand).items() if value != others[field]}


@pytest.mark.parametrize(
    ("factor", "fields"),
    [
        ("cache", {"cache_gb"}),
        ("bandwidth", {"uplink_mhz", "downlink_mhz"}),
        ("steps", {"step_budget"}),
        ("skew", {"skew"}),
        ("latency", {"latency_weight"}),
    ],
)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_factor_changes_what_it_names_and_nothing_else(family: str, factor: str, fields: set[str]) -> None:
    plain, changed = family_scenario(family, 3), family_scenario(changed_family(family, **{factor: 1.5}), 3)
    assert fields_that_differ(plain, changed) == fields
    before = np.concatenate([np.ravel(getattr(part, f)) for f in fields for part in parts(plain) if hasattr(part, f)])
    after = np.concatenate([np.ravel(getattr(part, f)) for f in fields for part in parts(changed) if hasattr(part, f)])
    assert after == pytest.approx(1.5 * before, rel=1e-5)


def parts(scenario: Scenario) -> tuple[Any, Any]:
    return scenario.system, scenario.demand


def test_steps_stay_whole_and_at_least_one() -> None:
    assert family_scenario("small-steps-x0.507", 0).system.step_budget == 41  # of 80
    assert family_scenario("small-steps-x0", 0).system.step_budget == 1


def test_a_deadline_is_that_of_the_unchanged_family() -> None:
    plain, changed = family_scenario("deadline", 1), family_scenario("deadline-bandwidth-x0.5-skew-x2", 1)
    assert plain.system.deadline_s is not None
    assert changed.system.deadline_s == plain.system.deadline_s


def test_a_shipped_family_can_be_changed() -> None:
    plain, changed = family_scenario("measured", 0), family_scenario("measured-cache-x2", 0)
    assert changed.system.cache_gb == pytest.approx(2 * plain.system.cache_gb)
    assert changed.family == "measured-cache-x2"


def traces_alike(one: Trace, other: Trace) -> dict[str, bool]:
    names = ("state", "request", "gain", "input_mb", "output_mb")
    return {name: bool((getattr(one, name) == getattr(other, name)).all()) for name in names}


@pytest.mark.parametrize("name", ["paper-cache-x0.5", "paper-bandwidth-x2-steps-x0.5", "paper-latency-x0.4"])
def test_the_points_of_a_sweep_share_their_traces(name: str) -> None:
    plain, changed = (sample_trace(family_scenario(family, 2), 4) for family in ("paper", name))
    assert all(traces_alike(plain, changed).values())


def test_another_skew_draws_other_requests_with_the_same_numbers() -> None:
    plain, changed = (family_scenario(family, 2) for family in ("paper", "paper-skew-x3"))
    assert changed.demand.skew == (0.6, 1.8, 3.0)
    alike = traces_alike(sample_trace(plain, 4), sample_trace(changed, 4))
    assert alike == {"state": True, "request": False, "gain": True, "input_mb": True, "output_mb": True}


def test_sizes_and_changes_together_share_the_traces_of_the_sizes() -> None:
    sized, changed = "paper-m10-n20-k10-t10", "paper-m10-n20-k10-t10-bandwidth-x0.5-steps-x0.5"
    scenario = family_scenario(changed, 0)
    assert (scenario.system.uplink_mhz, scenario.system.step_budget) == (30.0, 200)
    assert all(traces_alike(sample_trace(family_scenario(sized, 0), 1), sample_trace(scenario, 1)).values())


def test_an_instance_with_changes_is_the_same_on_every_platform() -> None:
    instance = sample_instance(family_scenario("tiny-skew-x2-cache-x0.5", 1), 2)
    assert instance.name == "tiny-cache-x0.5-skew-x2-s1-t2"
    assert instance.sha256 == "257f870fbe620f56c1d39368daeecad4dd155a6e699b826450896708714440e7"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("paper-steps-x2-cache-x0.50", "paper-cache-x0.5-steps-x2"),
        ("paper-cache-x1", "paper"),
        ("paper-m10-n10-k10-t10-skew-x02.0", "paper-skew-x2"),
        ("paper-m10-n20-k10-t10-latency-x0.4", "paper-m10-n20-k10-t10-latency-x0.4"),
        ("paper-skew-x0", "paper-skew-x0"),
    ],
)
def test_a_changed_family_has_one_name(written: str, name: str) -> None:
    assert sized_family(written) == name
    assert family_scenario(written, 0) == family_scenario(name, 0)
    assert family_scenario(written, 0).family == name


def test_sizes_and_factors_can_be_put_in_place_of_those_of_a_name() -> None:
    assert sized_family("paper-cache-x2", users=5) == "paper-m10-n5-k10-t10-cache-x2"
    assert changed_family("paper-cache-x2-steps-x0.5", cache=3) == "paper-cache-x3-steps-x0.5"
    assert changed_family("paper-cache-x2", cache=1) == "paper"


def test_names_come_apart_as_they_were_put_together() -> None:
    changes = Changes(cache=0.125, latency=1.6)
    name = join_changes("paper-m5-n10-k10-t10", changes)
    assert split_changes(name) == ("paper-m5-n10-k10-t10", changes)
    assert plain_name(name) == "paper"


@pytest.mark.parametrize(
    "name", ["paper", "my-scenario", "a-cache-x", "a-cache-x2-cache-x3", "a-cache-x0.5-m2-n2-k2-t2"]
)
def test_other_names_state_no_changes(name: str) -> None:
    assert split_changes(name) == (name, Changes())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("paper-cahce-x2", "factors stand at its end and are of cache, bandwidth, steps, skew or latency, each once"),
        ("paper-cache-x2-cache-x3", "factors stand at its end"),
        ("paper-cache-x-1", "factors stand at its end"),
        ("paper-cache-x2-m5-n5-k5-t5", "factors stand at its end"),
        ("papre-cache-x2", "did you mean 'paper'? must be one of "),
        ("paper-cache-x1001", "no factor may exceed 1000"),
        ("paper-latency-x3", "system.latency_weight: 1.5; must be <= 1.0"),
        ("paper-bandwidth-x0", "system.uplink_mhz: 0.0; must be > 0.0"),
        ("paper-steps-x0.04", "system.step_budget: 8; must be >= 10 .the users. with forced_edge"),
    ],
)
def test_changes_that_no_family_has(name: str, words: str) -> None:
    with pytest.raises(InputError, match=rf"^family: '{name}'; {words}".replace("?", r"\?")):
        family_scenario(name, 0)


@pytest.mark.parametrize("factor", [-1.0, 1 / 3, float("nan"), float("inf"), 1e-7, 1000.5])
def test_factors_that_have_no_name(factor: float) -> None:
    with pytest.raises(InputError, match=r"^cache: .*; must be a number from 0 to 1000 with at most 6 digits"):
        changed_family("paper", cache=factor)
