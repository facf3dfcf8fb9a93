"""The families that are one scenario each."""

from __future__ import annotations

import pytest

from problems.families.drawn import FAMILIES
from problems.families.fitted import shipped_families, shipped_text
from problems.families.named import family_purposes, family_scenario, own_sizes, sized_family
from problems.families.sampling import sample_instance
from problems.families.sizes import join
from problems.io.errors import InputError
from problems.scenario import Scenario, scenario_yaml

SHIPPED = list(shipped_families())


def test_production_ships_and_no_name_stands_twice() -> None:
    assert "production" in SHIPPED
    assert list(family_purposes()) == [*FAMILIES, *SHIPPED]
    assert not set(FAMILIES) & set(SHIPPED)


@pytest.mark.parametrize("family", SHIPPED)
def test_the_scenario_is_named_after_its_file_and_says_where_it_comes_from(family: str) -> None:
    scenario = family_scenario(family, 0)
    assert (scenario.family, scenario.scenario_seed) == (family, 0)
    text = shipped_text(scenario)
    assert text is not None
    assert text.endswith(scenario_yaml(scenario))
    assert f"# {shipped_families()[family]}\n" == text.splitlines(keepends=True)[0]


@pytest.mark.parametrize("family", SHIPPED)
def test_traces_follow_the_demand(family: str) -> None:
    scenario = family_scenario(sized_family(family, frames=4), 0)
    instance, again = sample_instance(scenario, 3), sample_instance(scenario, 3)
    assert instance.sha256 == again.sha256
    assert (instance.frames, instance.slots, instance.users) == (4, scenario.slots, scenario.users)
    assert instance.trace.request.max() < len(scenario.models)


@pytest.mark.parametrize("models", [20, 40])
def test_production_ships_with_larger_catalogues(models: int) -> None:
    name = sized_family("production", models=models)
    scenario = family_scenario(name, 0)
    assert (scenario.family, len(scenario.models)) == (name, models)
    assert shipped_text(scenario) is not None


def test_any_number_of_frames_but_no_other_sizes() -> None:
    own = own_sizes("production")
    day = family_scenario(sized_family("production", frames=24), 0)
    assert (day.frames, day.family) == (24, join("production", own._replace(frames=24)))
    assert day.demand == family_scenario("production", 0).demand
    assert sized_family("production", models=own.models, frames=own.frames) == "production"
    assert shipped_text(day) is None
    for sizes in ({"models": 15}, {"users": 3}, {"slots": 1}):
        with pytest.raises(InputError, match="production is shipped with 10 models, 30 users and 12 slots or 20"):
            sized_family("production", **sizes)


def test_there_is_one_scenario_seed() -> None:
    with pytest.raises(InputError, match="scenario seed: 1; production is one scenario, with the seed 0"):
        family_scenario("production", 1)
    with pytest.raises(InputError, match="did you mean 'production'"):
        family_scenario("prodction", 0)


def test_a_scenario_of_the_same_name_is_not_taken_for_the_shipped_one() -> None:
    scenario = family_scenario("production", 0)
    other: Scenario = scenario.model_copy(update={"frames": 3})
    assert shipped_text(other) is None
