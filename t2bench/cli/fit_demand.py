"""``t2bench fit-demand``: a scenario fitted to the log of a production service."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from problems.production.extent import Extent
from t2bench.exit_codes import DONE


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "fit-demand",
        help="fit a scenario to the log of a production service",
        description="Write the scenario whose demand, service times and loading costs are those of a GenTD26 request "
        "log (alibaba/clusterdata, cluster-trace-v2026-GenAI). A frame is an hour. What the log does not hold is "
        "assumed, and said in the file's comments.",
    )
    parser.add_argument("log", type=Path, metavar="LOG.csv", help="the requests: lora_request_trace.csv")
    parser.add_argument(
        "--loading",
        type=Path,
        required=True,
        metavar="LATENCY.csv",
        help="loading times in milliseconds, column value: basemodel_update_latency_anon.csv",
    )
    own = Extent()
    for field, text in (
        ("models", "M: the most requested models, and one entry, rest, that no cache can hold, for all others"),
        ("users", "N"),
        ("slots", "K, slots an hour"),
        ("frames", "T, hours of a sampled trace"),
        ("states", "popularity states, hidden"),
    ):
        parser.add_argument(
            f"--{field}", type=int, default=getattr(own, field), metavar="N", help=f"{text} (default %(default)s)"
        )
    parser.add_argument(
        "--hours", metavar="A-B", help="fit to these hours, counted from the first row (default: the first two weeks)"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE.yaml",
        help="the scenario; its family is named like it",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the scenario; the account of the log goes to standard error."""
    from problems.io.files import write_bytes
    from problems.production.account import account
    from problems.production.fit import fit_scenario
    from problems.production.gentd26 import read_gentd26
    from problems.production.hours import first_two_weeks, parse_hours
    from problems.production.loading import mean_loading_s
    from problems.production.story import scenario_text

    requests = read_gentd26(arguments.log)
    loading_s = mean_loading_s(arguments.loading)
    extent = Extent(**{field: getattr(arguments, field) for field in Extent.__annotations__})
    hours = parse_hours(arguments.hours) if arguments.hours else first_two_weeks(requests)
    fitted = fit_scenario(requests, hours, loading_s, arguments.output.stem, extent)
    print_account(arguments.log, account(requests, hours, fitted.seats, fitted.scenario))
    text = scenario_text(fitted, hours, loading_s, _command(arguments))
    write_bytes(arguments.output, text.encode())
    return DONE


def print_account(log: Path, lines: Sequence[str]) -> None:
    """Say on standard error where the rows of a log went."""
    for line in lines:
        print(f"{log.name}: {line}", file=sys.stderr)


def _command(arguments: argparse.Namespace) -> str:
    """What was asked for, without the folders and what goes without saying."""
    words = ["t2bench fit-demand", arguments.log.name, "--loading", arguments.loading.name]
    for field, own in asdict(Extent()).items():
        if (value := getattr(arguments, field)) != own:
            words += [f"--{field}", str(value)]
    if arguments.hours:
        words += ["--hours", arguments.hours]
    return " ".join([*words, "-o", arguments.output.name])
