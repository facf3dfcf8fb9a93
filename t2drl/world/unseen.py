"""The scenarios of a family that a generalist trains on, and is validated on: others than those that are judged."""

from __future__ import annotations

from problems.families.drawn import family_scenario
from problems.io.errors import InputError
from problems.scenario import Scenario
from solvers.base import Unsuitable

TRAINING_SCENARIOS = 1_000_000
"""Scenarios to train on have seeds from here on; those that are judged have smaller ones."""
VALIDATION_SCENARIOS = 900_000
"""Scenarios that tell how a training goes, and decide nothing."""


def training_scenarios(family: str, count: int) -> tuple[Scenario, ...]:
    """So many scenarios of a named family. Raises Unsuitable where there is no such family."""
    return _scenarios(family, TRAINING_SCENARIOS, count)


def validation_scenarios(family: str, count: int) -> tuple[Scenario, ...]:
    """So many others. Raises Unsuitable."""
    return _scenarios(family, VALIDATION_SCENARIOS, count)


def _scenarios(family: str, first: int, count: int) -> tuple[Scenario, ...]:
    try:
        return tuple(family_scenario(family, first + number) for number in range(count))
    except InputError as error:
        raise Unsuitable(f"a generalist trains on scenarios of a named family; {error}") from None
