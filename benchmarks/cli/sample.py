"""``t2bench sample``: an instance from a scenario and a seed, or from a recorded request log."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.cli.scenarios import add_scenario_options, scenario_of
from problems.errors import InputError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("sample", help="write an instance")
    parser.add_argument("family", metavar="FAMILY", help="a named family, or a scenario's YAML file")
    add_scenario_options(parser)
    parser.add_argument(
        "--trace-seed", type=int, default=0, metavar="N", help="which trace of the scenario (default 0)"
    )
    parser.add_argument(
        "--requests",
        type=Path,
        metavar="LOG.csv",
        help="take the requests from a log: frame, slot, user, model[, gain, input_mb, output_mb]",
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="the instance: .json, .json.gz or .npz"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the instance."""
    from problems.instance import write_instance
    from problems.request_log import instance_from_log
    from problems.sampling import sample_instance

    if arguments.trace_seed < 0:
        raise InputError(f"--trace-seed: {arguments.trace_seed}; must be >= 0")
    scenario = scenario_of(arguments.family, arguments)
    if arguments.requests is None:
        instance = sample_instance(scenario, arguments.trace_seed)
    else:
        instance = instance_from_log(scenario, arguments.requests, arguments.trace_seed)
    write_instance(instance, arguments.output)
    return 0
