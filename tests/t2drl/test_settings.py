"""Settings: every field has its domain, and former names are read."""

from __future__ import annotations

import json
import math
import re
from dataclasses import fields

import pytest

from t2drl.settings import Settings, fast, general, paper

NUMBERS = [field.name for field in fields(Settings) if type(field.default) in (int, float)]
WHOLE = [field.name for field in fields(Settings) if type(field.default) is int]


def test_no_number_is_negative_endless_or_none() -> None:
    for name in NUMBERS:
        for value in (math.nan, math.inf, -1, -1e-9, "1", None, True):
            with pytest.raises(ValueError, match=rf"^{name}: .*; must be .*$") as raised:
                Settings(**{name: value})
            assert "\n" not in str(raised.value)


def test_whole_numbers_are_whole() -> None:
    for name in WHOLE:
        with pytest.raises(ValueError, match=rf"^{name}: 2\.0; must be a whole number$"):
            Settings(**{name: 2.0})


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"actor_lr": -1}, "actor_lr: -1; must be > 0.0"),
        ({"cache_lr": 0.0}, "cache_lr: 0.0; must be > 0.0"),
        ({"clip": 0}, "clip: 0; must be > 0.0"),
        ({"discount": 1.0}, "discount: 1.0; must be < 1.0"),
        ({"cache_discount": 1.5}, "cache_discount: 1.5; must be < 1.0"),
        ({"warmup": 1.01}, "warmup: 1.01; must be <= 1.0"),
        ({"polyak": 2.0}, "polyak: 2.0; must be <= 1.0"),
        ({"epsilon_end": -0.5}, "epsilon_end: -0.5; must be >= 0.0"),
        ({"uniform_share": 1.5}, "uniform_share: 1.5; must be <= 1.0"),
        ({"noise": -0.1}, "noise: -0.1; must be >= 0.0"),
        ({"chain": 0}, "chain: 0; must be >= 1"),
        ({"replay": 0}, "replay: 0; must be >= 1"),
        ({"training_slots": 0}, "training_slots: 0; must be >= 1"),
        ({"updates_a_frame": 0.5}, "updates_a_frame: 0.5; must be a whole number"),
        ({"anneal": 1}, "anneal: 1; must be true or false"),
        ({"observes_demand": None}, "observes_demand: None; must be true or false"),
        ({"algorithm": "sac"}, "algorithm: 'sac'; must be 'd3pg' or 'ddpg'"),
        ({"networks": "graph"}, "networks: 'graph'; must be 'set' or 'flat'"),
        ({"prediction": 0}, "prediction: 0; must be 'x0' or 'noise'"),
    ],
)
def test_what_is_out_of_its_domain_is_refused_in_one_line(change: dict[str, object], line: str) -> None:
    for configuration in (Settings, fast, general, paper):
        with pytest.raises(ValueError, match=f"^{re.escape(line)}$"):
            configuration(**change)


def test_the_ends_of_domains_are_in_them() -> None:
    shares = dict.fromkeys(("polyak", "uniform_share", "warmup", "cache_polyak", "epsilon", "epsilon_end"), 0.0)
    nothing = dict.fromkeys(("discount", "noise", "cache_discount", "updates_a_slot", "nested_updates_a_slot"), 0)
    assert Settings(**shares, **nothing, updates_a_frame=0).discount == 0
    assert Settings(**dict.fromkeys(shares, 1)).polyak == 1


@pytest.mark.parametrize("settings", [fast(), general(), paper(), fast(chain=7, discount=0.5)])
def test_they_survive_their_document(settings: Settings) -> None:
    assert Settings.of(json.loads(json.dumps(settings.document()))) == settings


def test_former_names_are_read_and_unknown_ones_ignored() -> None:
    document = general(uniform_share=0.25).document()
    document["told"], document["scatter"] = document.pop("observes_demand"), document.pop("uniform_share")
    assert Settings.of({**document, "colour": "blue"}) == general(uniform_share=0.25)


def test_the_learner_is_named_after_the_solver_of_both_halves() -> None:
    kinds = (fast(), fast(algorithm="ddpg"), general(), paper(), fast(chain=5), paper(chain=2))
    names = ["t2drl", "ddqn+ddpg", "generalist", "t2drl-paper", "t2drl, chain 5", "t2drl-paper, chain 2"]
    assert [kind.learner for kind in kinds] == names
