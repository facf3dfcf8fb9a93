"""``t2bench sample``: an instance from a scenario and a seed, or from a recorded request log."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from problems.io.errors import InputError
from t2bench.cli.fit_demand import print_account
from t2bench.cli.shared.scenario_options import add_scenario_options, scenario_of
from t2bench.exit_codes import DONE

if TYPE_CHECKING:
    from problems.instance import Instance
    from problems.scenario import Scenario


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
        help="take the requests from a log: frame, slot, user, model[, gain, input_mb, output_mb]; or a GenTD26 log "
        "of a production service, in which a frame is an hour",
    )
    parser.add_argument(
        "--hours", metavar="A-B", help="these hours of a GenTD26 log, from its first row on (default: its last week)"
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="the instance: .json, .json.gz or .npz"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the instance."""
    from problems.families.sampling import sample_instance
    from problems.instance import write_instance

    if arguments.trace_seed < 0:
        raise InputError(f"--trace-seed: {arguments.trace_seed}; must be >= 0")
    scenario = scenario_of(arguments.family, arguments)
    if arguments.requests is None:
        _refuse_hours(arguments)
        instance = sample_instance(scenario, arguments.trace_seed)
    else:
        instance = _recorded(scenario, arguments)
    write_instance(instance, arguments.output)
    return DONE


def _recorded(scenario: Scenario, arguments: argparse.Namespace) -> Instance:
    """The instance of a log of either kind, told by its header; of GenTD26's, with an account of its rows."""
    from problems.production.account import account
    from problems.production.gentd26 import is_gentd26, read_gentd26
    from problems.production.hours import last_week, parse_hours
    from problems.production.replay import replay
    from problems.request_log import instance_from_log

    if not is_gentd26(arguments.requests):
        _refuse_hours(arguments)
        return instance_from_log(scenario, arguments.requests, arguments.trace_seed)
    requests = read_gentd26(arguments.requests)
    hours = parse_hours(arguments.hours) if arguments.hours else last_week(requests)
    instance, seats = replay(scenario, requests, hours, arguments.requests, arguments.trace_seed)
    print_account(arguments.requests, account(requests, hours, seats, scenario))
    return instance


def _refuse_hours(arguments: argparse.Namespace) -> None:
    if arguments.hours is not None:
        raise InputError(f"--hours: {arguments.hours}; needs --requests with a GenTD26 log")
