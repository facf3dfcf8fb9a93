"""``t2bench export``: an instance as a file for any other solver."""

from __future__ import annotations

import argparse
from pathlib import Path

from problems.io.errors import InputError
from t2bench.exit_codes import DONE


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "export",
        help="write an instance for any other solver",
        epilog="MPS and LP are linear: bandwidth is fixed at its optimum, which is exact unless lateness has a price. "
        "NL (with .col and .row, the names) and CIP hold the whole nonlinear programme.",
    )
    parser.add_argument("instance", type=Path, metavar="INSTANCE")
    parser.add_argument("--format", required=True, choices=("mps", "lp", "nl", "cip"), help="the kind of file")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the file."""
    from problems.instance import read_instance
    from solvers.base import NotInstalled
    from solvers.export.export import export

    instance = read_instance(arguments.instance)
    try:
        export(instance, arguments.output, arguments.format)
    except NotInstalled as error:
        raise InputError(f"format {arguments.format}: not installed: {error}") from None
    except InputError as error:
        raise error.within(str(arguments.instance)) from None
    return DONE
