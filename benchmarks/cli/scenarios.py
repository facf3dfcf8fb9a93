"""A scenario from what the command line says: a family's name or a YAML file."""

from __future__ import annotations

from pathlib import Path

from problems.errors import InputError
from problems.families import FAMILIES, family_scenario
from problems.scenario import Scenario, read_scenario


def scenario_of(name: str, scenario_seed: int | None) -> Scenario:
    """A family's scenario (seed 0 unless said otherwise), or the scenario in a YAML file.

    Raises InputError: unknown names, unreadable files, a seed for a file, which holds its own.
    """
    if name in FAMILIES or not (name.endswith((".yaml", ".yml")) or Path(name).exists()):
        return family_scenario(name, scenario_seed or 0)
    if scenario_seed is not None:
        raise InputError(f"--scenario-seed: {scenario_seed}; {name} is one scenario, with the seed that it names")
    return read_scenario(Path(name))
