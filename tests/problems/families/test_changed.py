"""A changed scenario: nothing changed but what was asked for, and the unchanged random numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from problems.families.changed import changed_scenario
from problems.families.changes import Changes
from problems.families.drawn import FAMILIES
from problems.families.named import changed_family, family_scenario
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


def test_what_no_system_may_have_is_refused_in_one_line() -> None:
    for changes, words in (
        (Changes(latency=3.0), "system.latency_weight: 1.5; must be <= 1.0"),
        (Changes(bandwidth=0.0), "system.uplink_mhz: 0.0; must be > 0.0"),
        (Changes(steps=0.04), "system.step_budget: 8; must be >= 10"),
    ):
        with pytest.raises(InputError) as caught:
            changed_scenario(family_scenario("paper", 0), changes)
        assert str(caught.value).startswith(words)
