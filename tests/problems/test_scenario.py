"""Scenarios: YAML in and out, and a line for everything that is wrong with one."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from problems.families.drawn import FAMILIES
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.io.errors import InputError
from problems.scenario import Demand, Scenario, read_scenario, write_scenario
from tests.cases import edited

NAN, INFINITY = float("nan"), float("inf")


@pytest.fixture
def document() -> dict[str, Any]:
    """The YAML document of a valid scenario with 3 models, 2 users and 3 states."""
    return family_scenario("tiny", 0).model_dump(mode="json")


def read(document: object, folder: Path) -> Scenario:
    path = folder / "scenario.yaml"
    path.write_text(document if isinstance(document, str) else yaml.safe_dump(document))
    return read_scenario(path)


def complaint(document: object, folder: Path) -> str:
    """The complaint without the file's name and the line, with which it must begin."""
    with pytest.raises(InputError) as caught:
        read(document, folder)
    found = re.fullmatch(rf"{re.escape(str(folder / 'scenario.yaml'))}(:\d+)?: (.*)", str(caught.value))
    assert found is not None
    return found[2]


@pytest.mark.parametrize("family", FAMILIES)
def test_yaml_round_trip(family: str, tmp_path: Path) -> None:
    scenario = family_scenario(family, 3)
    write_scenario(scenario, tmp_path / "s.yaml")
    again = read_scenario(tmp_path / "s.yaml")
    assert again == scenario
    if family != "metro":
        assert sample_instance(again, 5).sha256 == sample_instance(scenario, 5).sha256


def test_a_scenario_by_hand(tmp_path: Path) -> None:
    scenario = read(
        """
        format: t2bench-scenario
        version: 1
        family: by-hand          # whole numbers where decimals are meant, exponents without a point
        frames: 2
        slots: 1
        users: 2
        models:
          - {name: a, size_gb: 3, steps_low: 5, steps_high: 30, tv_worst: 120, tv_best: 20,
             step_s: 0.1, setup_s: 1, cloud_s: 9}
        system: {cache_gb: 3, step_budget: 40, uplink_mhz: 6, downlink_mhz: 12, user_power_w: 0.2, bs_power_w: 2e1,
                 noise_w_per_mhz: 4e-15, backhaul_mbps: 100, load_cost_per_gb: 0, deadline_s: null, late_penalty: 0,
                 latency_weight: 0.5, tv_to_s: 0.15, forced_edge: false}
        demand: {transition: [[1]], skew: [0], ranking: [[0]], activity: 1, state_observed: true}
        """,
        tmp_path,
    )
    assert scenario.system.noise_w_per_mhz == 4e-15
    assert scenario.system.bs_power_w == 20.0
    assert (sample_instance(scenario, 0).trace.request == 0).all()


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (("system", "cache_gb"), -3.0, "system.cache_gb: -3.0; must be >= 0"),
        (("models", 1, "size_gb"), -2.5, "models[1].size_gb: -2.5; must be > 0"),
        (("models", 1, "size_gb"), 0, "models[1].size_gb: 0; must be > 0"),
        (("models", 0, "size_gb"), "4", "models[0].size_gb: '4'; must be a number"),
        (("models", 0, "size_gb"), True, "models[0].size_gb: True; must be a number"),
        (("models", 0, "size_gb"), None, "models[0].size_gb: None; must be a number"),
        (("models", 0, "step_s"), -0.1, "models[0].step_s: -0.1; must be >= 0"),
        (("models", 0, "cloud_s"), NAN, "models[0].cloud_s: nan; must be a finite number"),
        (("models", 0, "steps_high"), 1.0, "models[0].steps_high: 1.0; must be > steps_low"),
        (("models", 0, "tv_worst"), 1.0, "models[0].tv_worst: 1.0; must be > tv_best"),
        (("models", 0, "name"), "", "models[0].name: ''; must not be empty"),
        (("models", 0, "name"), "m1", "models: the name 'm1' stands twice; names must differ"),
        (("models", 0, "name"), 7, "models[0].name: 7; must be text"),
        (("models", 0), "m", "models[0]: 'm'; must be a mapping"),
        (("models",), [], "models: none; needs at least one"),
        (("models",), None, "models: None; must be a list"),
        (("system", "noise_w_per_mhz"), INFINITY, "system.noise_w_per_mhz: inf; must be a finite number"),
        (("system", "noise_w_per_mhz"), 0, "system.noise_w_per_mhz: 0; must be > 0"),
        (("system", "uplink_mhz"), 0.0, "system.uplink_mhz: 0.0; must be > 0"),
        (("system", "step_budget"), 2.5, "system.step_budget: 2.5; must be a whole number"),
        (("system", "step_budget"), -1, "system.step_budget: -1; must be >= 0"),
        (("scenario_seed",), 2**63, "scenario_seed: 9223372036854775808; must be <= 4611686018427387904"),
        (("system", "step_budget"), 10**30, "system.step_budget: 1" + "0" * 30 + "; must be <= "),
        (("system", "latency_weight"), 1.5, "system.latency_weight: 1.5; must be <= 1"),
        (("system", "deadline_s"), -1.0, "system.deadline_s: -1.0; must be >= 0"),
        (("system", "forced_edge"), "yes", "system.forced_edge: 'yes'; must be true or false"),
        (("system", "forced_edge"), 1, "system.forced_edge: 1; must be true or false"),
        (("system", "colour"), 1, "system.colour: not a known field"),
        (("system",), [1], "system: [1]; must be a mapping"),
        (("colour",), 1, "colour: not a known field"),
        (("demand", "transition"), [[0.5, 0.5]] * 3, "demand.transition: row 0 has 2 entries; must have 3"),
        (("demand", "transition", 1), [0.5, 0.3, 0.1], "demand.transition: row 1 sums to 0.9; must sum to 1"),
        (("demand", "transition", 1), [1.5, -0.3, -0.2], "demand.transition[1][0]: 1.5; must be <= 1"),
        (("demand", "transition"), [], "demand.transition: has no rows"),
        (("demand", "transition"), 0.5, "demand.transition: 0.5; must be a list"),
        (("demand", "skew"), [1.0, 1.0], "demand.skew: 2 entries; must be 3, one a state"),
        (("demand", "skew", 0), -1.0, "demand.skew[0]: -1.0; must be >= 0"),
        (("demand", "ranking", 2), [0, 1, 1], "demand.ranking[2]: [0, 1, 1]; must be a permutation of 0..2"),
        (("demand", "ranking", 2), [1, 2, 3], "demand.ranking[2]: [1, 2, 3]; must be a permutation of 0..2"),
        (("demand", "ranking", 2), [0, 1], "demand.ranking[2]: [0, 1]; must be a permutation of 0..2"),
        (("demand", "ranking"), [[0, 1]] * 3, "demand.ranking: ranks 2 models; the catalogue has 3"),
        (("demand", "ranking", 0, 0), 0.0, "demand.ranking[0][0]: 0.0; must be a whole number"),
        (("demand", "activity"), 1.01, "demand.activity: 1.01; must be <= 1"),
        (("demand", "input_mb"), [2.0, 1.0], "demand.input_mb: [2.0, 1.0]; the first must not exceed the second"),
        (("demand", "input_mb"), [2.0], "demand.input_mb[1]: missing; required"),
        (("demand", "input_mb"), [1.0, 2.0, 3.0], "demand.input_mb: (1.0, 2.0, 3.0); must have at most 2 entries"),
        (("demand", "input_mb"), [0.0, 1.0], "demand.input_mb[0]: 0.0; must be > 0"),
        (("demand", "cell_km"), 0.0, "demand.cell_km: 0.0; must be > 0"),
        (("frames",), 0, "frames: 0; must be >= 1"),
        (("users",), 1.5, "users: 1.5; must be a whole number"),
        (("scenario_seed",), -1, "scenario_seed: -1; must be >= 0"),
        (("version",), 2, "version: 2; must be 1"),
        (("version",), True, "version: True; must be 1"),
        (("format",), "t2bench-instance", "format: 't2bench-instance'; must be 't2bench-scenario'"),
    ],
)
def test_a_wrong_value_is_named(
    path: Sequence[str | int], value: object, line: str, document: dict[str, Any], tmp_path: Path
) -> None:
    assert complaint(edited(document, path, value), tmp_path).startswith(line)


@pytest.mark.parametrize(
    "path", [("system", "deadline_s"), ("models", 2, "tv_best"), ("demand",), ("family",), ("format",)]
)
def test_a_missing_field_is_named(path: Sequence[str | int], document: dict[str, Any], tmp_path: Path) -> None:
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    name = ".".join(map(str, path)).replace(".2", "[2]")
    assert complaint(document, tmp_path).startswith(f"{name}: missing; ")


def test_forced_edge_needs_a_step_for_every_user(document: dict[str, Any], tmp_path: Path) -> None:
    document["system"] |= {"forced_edge": True, "step_budget": 2}
    assert read(document, tmp_path).users == 2
    document["system"]["step_budget"] = 1
    assert complaint(document, tmp_path) == "system.step_budget: 1; must be >= 2 (the users) with forced_edge"


def test_further_complaints_are_counted(document: dict[str, Any], tmp_path: Path) -> None:
    document["system"] |= {"cache_gb": -1.0, "tv_to_s": -1.0, "late_penalty": "none"}
    assert complaint(document, tmp_path).endswith("(and 2 more)")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "None; must be a YAML mapping"),
        ("- 1\n- 2", "[1, 2]; must be a YAML mapping"),
        ("a: [1, 2", "not valid YAML: "),
        ("a: b: c", "not valid YAML: "),
        ("a: 2020-99-99", "not valid YAML: "),
        ("a: !!python/name:os.system", "not valid YAML: could not determine a constructor"),
        ("a: " + "[" * 1000, "not valid YAML: nested too deeply"),
        ("format: t2bench-scenario\nversion: 1\ndemand: {transition: &a [*a]}", "a list or mapping holds itself"),
    ],
)
def test_a_broken_file_is_named(text: str, line: str, tmp_path: Path) -> None:
    assert complaint(text, tmp_path).startswith(line)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.yaml: cannot be read: no such file or directory$"):
        read_scenario(tmp_path / "absent.yaml")


def demand(**changes: Any) -> Demand:
    base = family_scenario("drift", 0).demand.model_dump(mode="json")
    return Demand.model_validate(copy.deepcopy(base) | changes)


def test_popularity_is_zipf_over_the_rank_order() -> None:
    for j, (order, skew) in enumerate(zip(demand().ranking, demand().skew, strict=True)):
        weights = {m: (rank + 1) ** -skew for rank, m in enumerate(order)}
        expected = [weights[m] / sum(weights.values()) for m in range(len(order))]
        assert demand().popularity[j] == pytest.approx(expected, rel=1e-12)


def test_the_stationary_distribution_stays_under_the_transition() -> None:
    process = demand(transition=[[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.0, 0.5, 0.5]])
    assert process.stationary @ np.array(process.transition) == pytest.approx(process.stationary, abs=1e-3)
    assert process.stationary.sum() == pytest.approx(1)


def test_a_periodic_chain_has_a_long_run_share() -> None:
    process = demand(transition=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    assert process.stationary == pytest.approx([1 / 3] * 3, abs=1e-3)


def test_scenarios_compare_after_use_too() -> None:
    first, second = family_scenario("drift", 0), family_scenario("drift", 0)
    for scenario in (first, second):
        assert scenario.demand.popularity.shape == (3, 10)
        assert len(scenario.demand.stationary) == 3
        assert len(scenario.catalogue) == 10
    assert first == second
    assert hash(first.demand) == hash(second.demand)
    assert first != family_scenario("drift", 1)
