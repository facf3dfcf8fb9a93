"""``t2bench families``: the named families, or one of their scenarios as YAML."""

from __future__ import annotations

import argparse
import json
import sys

from problems.errors import InputError
from problems.families import FAMILIES
from problems.scenario import scenario_yaml


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("families", help="list the named families of scenarios, or print one scenario")
    parser.add_argument("family", nargs="?", help="print this family's scenario as YAML, to edit and to sample from")
    parser.add_argument("--scenario-seed", type=int, metavar="N", help="which scenario of the family (default 0)")
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a family, or a scenario."""
    from benchmarks.cli.scenarios import scenario_of

    if arguments.family:
        scenario = scenario_of(arguments.family, arguments.scenario_seed)
        text = json.dumps(scenario.model_dump(mode="json")) if arguments.json else scenario_yaml(scenario)
        sys.stdout.write(text.rstrip("\n") + "\n")
        return 0
    if arguments.scenario_seed is not None:
        raise InputError(f"--scenario-seed: {arguments.scenario_seed}; needs the name of a family")
    rows = [
        {"family": name, "M": f.models, "N": f.users, "T": f.frames, "K": f.slots, "purpose": f.purpose}
        for name, f in FAMILIES.items()
    ]
    if arguments.json:
        print(json.dumps(rows))
        return 0
    print(f"{'family':<10}{'M':>4}{'N':>5}{'T':>4}{'K':>4}  what it is for")
    for row in rows:
        print(f"{row['family']:<10}{row['M']:>4}{row['N']:>5}{row['T']:>4}{row['K']:>4}  {row['purpose']}")
    return 0
