"""The scenarios to train on and to validate on."""

from __future__ import annotations

import pytest

from problems.seeds import TRAINING_SEEDS, VALIDATION_SEEDS
from solvers.base import Unsuitable
from t2drl.world.scenarios import training_scenarios, validation_scenarios


def test_they_are_others_than_those_that_are_judged() -> None:
    training, validation = training_scenarios("tiny", 3), validation_scenarios("tiny", 3)
    assert [scenario.scenario_seed for scenario in training] == [TRAINING_SEEDS + n for n in range(3)]
    assert [scenario.scenario_seed for scenario in validation] == [VALIDATION_SEEDS + n for n in range(3)]


def test_a_family_that_is_none_is_refused() -> None:
    for scenarios in (training_scenarios, validation_scenarios):
        with pytest.raises(Unsuitable, match="named family; family: 'mine'"):
            scenarios("mine", 2)
