"""The scenarios of a family that a generalist trains on, and is validated on: others than those that are judged."""

from __future__ import annotations

from problems.families.named import family_scenario
from problems.io.errors import InputError
from problems.scenario import Scenario
from problems.seeds import TRAINING_SEEDS, VALIDATION_SEEDS
from solvers.base import Unsuitable


def training_scenarios(family: str, count: int) -> tuple[Scenario, ...]:
    """So many scenarios of a named family. Raises Unsuitable where there is no such family."""
    return _scenarios(family, TRAINING_SEEDS, count)


def validation_scenarios(family: str, count: int) -> tuple[Scenario, ...]:
    """So many others. Raises Unsuitable."""
    return _scenarios(family, VALIDATION_SEEDS, count)


def _scenarios(family: str, first_seed: int, count: int) -> tuple[Scenario, ...]:
    try:
        return tuple(family_scenario(family, first_seed + number) for number in range(count))
    except InputError as error:
        raise Unsuitable(f"a generalist trains on scenarios of a named family; {error}") from None
