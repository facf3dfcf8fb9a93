"""Families with changes have one name each, and others none."""

from __future__ import annotations

import pytest

from problems.families.changes import Changes, join_changes, plain_name, split_changes
from problems.families.named import changed_family, family_scenario, sized_family
from problems.io.errors import InputError


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
