"""Settings of solvers: to which part they go, and what is refused in one line."""

from __future__ import annotations

from typing import Any

import pytest

from problems.io.errors import InputError
from solvers.allocation.exact import ExactAllocation
from solvers.caching.random import RandomCaching
from solvers.registry import make_solver
from solvers.settings import parse_settings
from solvers.two_timescale import TwoTimescale


def complaint(name: str, settings: dict[str, Any]) -> str:
    """The one line with which settings are refused."""
    with pytest.raises(InputError) as raised:
        make_solver(name, settings)
    text = str(raised.value)
    assert "\n" not in text
    return text


def test_a_setting_goes_to_the_part_that_has_it() -> None:
    expected = TwoTimescale(RandomCaching(seed=4), ExactAllocation())
    for key in ("seed", "caching.seed"):
        assert make_solver("random", {key: 4}) == expected
        assert make_solver("random+exact", {key: 4}) == expected


def test_an_unknown_setting_is_refused_with_the_nearest() -> None:
    expected = "solver random: setting sed: unknown; did you mean 'seed'? must be one of seed"
    assert complaint("random", {"sed": 1}) == expected
    assert complaint("lru", {"size": 1}) == "solver lru: setting size: unknown; it has no settings"
    assert "setting x: unknown" in complaint("brute-force", {"x": 1})
    assert "setting seed: unknown" in complaint("random", {"allocation.seed": 1})
    assert "setting caching.: unknown" in complaint("random", {"caching.": 1})
    assert "setting cache.seed: unknown" in complaint("random", {"cache.seed": 1})
    assert "setting caching.seed: unknown" in complaint("brute-force", {"caching.seed": 1})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("four", "'four'; must be a whole number"),
        (1.0, "1.0; must be a whole number"),
        (True, "True; must be a whole number"),
        (None, "None; must be a whole number"),
        ([1], "[1]; must be a whole number"),
    ],
)
def test_a_setting_of_the_wrong_type_is_refused(value: Any, text: str) -> None:
    assert complaint("random", {"seed": value}) == f"solver random: setting seed: {text}"


def test_a_setting_that_the_part_itself_refuses() -> None:
    assert complaint("random", {"seed": -1}) == "solver random: seed: -1; must be >= 0"


def test_a_setting_with_few_allowed_values() -> None:
    assert make_solver("milp-relaxation", {"backend": "cbc"}) != make_solver("milp-relaxation")
    text = complaint("milp-relaxation", {"backend": "gurobi"})
    assert text.startswith("solver milp-relaxation: setting backend: 'gurobi'; ")
    assert "highs" in text
    assert "cbc" in text


def test_settings_on_the_command_line_are_yaml() -> None:
    pairs = ["a=1", "b=1e-6", "c=text", "d=true", "e=[1, 2]", "f=", "g=2.5", "h={x: 1}", "i=a=b", "j='7'", "k=4e-15"]
    assert parse_settings(pairs) == {
        "a": 1,
        "b": 1e-6,
        "c": "text",
        "d": True,
        "e": [1, 2],
        "f": None,
        "g": 2.5,
        "h": {"x": 1},
        "i": "a=b",
        "j": "7",
        "k": 4e-15,
    }


@pytest.mark.parametrize("pair", ["seed", "=3", "seed=[1", "seed='", "seed=a: b: c"])
def test_a_pair_that_is_none_is_refused(pair: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_settings([pair])
    assert str(raised.value).startswith("--set")
    assert "\n" not in str(raised.value)
