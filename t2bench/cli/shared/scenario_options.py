"""A scenario from what the command line says: a family's name, in its own sizes or in others, or a YAML file."""

from __future__ import annotations

import argparse
from pathlib import Path

from problems.families.named import family_purposes, family_scenario, sized_family
from problems.families.sizes import Sizes
from problems.io.errors import InputError
from problems.scenario import Scenario, read_scenario

_COUNTS = {"models": "M", "users": "N", "slots": "K, slots a frame", "frames": "T"}


def add_scenario_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say which scenario of a family is meant, and in which sizes."""
    parser.add_argument("--scenario-seed", type=int, metavar="N", help="which scenario of the family (default 0)")
    for field, symbol in _COUNTS.items():
        parser.add_argument(f"--{field}", type=int, metavar="N", help=f"{symbol} in place of the family's own")


def scenario_of(name: str, arguments: argparse.Namespace) -> Scenario:
    """A family's scenario (seed 0 and its own sizes unless said otherwise), or the scenario in a YAML file.

    Raises InputError: unknown names, unreadable files, a seed or sizes for a file, which holds its own.
    """
    sizes = {field: getattr(arguments, field) for field in Sizes._fields}
    if name in family_purposes() or not (name.endswith((".yaml", ".yml")) or Path(name).exists()):
        return family_scenario(sized_family(name, **sizes), arguments.scenario_seed or 0)
    if arguments.scenario_seed is not None:
        raise InputError(
            f"--scenario-seed: {arguments.scenario_seed}; {name} is one scenario, with the seed that it names"
        )
    for field, size in sizes.items():
        if size is not None:
            raise InputError(f"--{field}: {size}; {name} is one scenario, with the sizes that it states")
    return read_scenario(Path(name))
