"""``t2bench families``: the named families, or one of their scenarios as YAML."""

from __future__ import annotations

import argparse
import json
import sys

from problems.families.fitted import shipped_text
from problems.families.named import family_purposes, own_sizes
from problems.families.sizes import Sizes
from problems.io.errors import InputError
from problems.scenario import scenario_yaml
from t2bench.cli.shared.scenario_options import add_scenario_options, scenario_of
from t2bench.exit_codes import DONE


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("families", help="list the named families of scenarios, or print one scenario")
    parser.add_argument("family", nargs="?", help="print this family's scenario as YAML, to edit and to sample from")
    add_scenario_options(parser)
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a family, or a scenario."""
    if arguments.family:
        scenario = scenario_of(arguments.family, arguments)
        if arguments.json:
            text = json.dumps(scenario.model_dump(mode="json"))
        else:
            text = shipped_text(scenario) or scenario_yaml(scenario)
        sys.stdout.write(text.rstrip("\n") + "\n")
        return DONE
    for field in ("scenario_seed", *Sizes._fields):
        if (value := getattr(arguments, field)) is not None:
            raise InputError(f"--{field.replace('_', '-')}: {value}; needs the name of a family")
    rows = []
    for name, purpose in family_purposes().items():
        models, users, slots, frames = own_sizes(name)
        rows.append({"family": name, "M": models, "N": users, "T": frames, "K": slots, "purpose": purpose})
    if arguments.json:
        print(json.dumps(rows))
        return DONE
    print(f"{'family':<12}{'M':>4}{'N':>5}{'T':>4}{'K':>4}  what it is for")
    for row in rows:
        print(f"{row['family']:<12}{row['M']:>4}{row['N']:>5}{row['T']:>4}{row['K']:>4}  {row['purpose']}")
    return DONE
