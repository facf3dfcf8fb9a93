"""``t2bench check``: whether a solver keeps the rules and its promises."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from t2bench.cli.shared.limit_options import memory_limit, time_limit
from t2bench.cli.shared.traceback_option import add_traceback_option, traceback_of_complaints
from t2bench.exit_codes import DONE, NO

if TYPE_CHECKING:
    from benchmarks.conformance.findings import Result

SHOWN = 3
"""Cases named under a check."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser(
        "check",
        help="examine a solver: is it feasible, honest, exact where it says so, deterministic, in time?",
        epilog="Every case runs in a process of its own. An allocation strategy alone is paired with `exhaustive`. "
        "Exit codes: 0 it conforms, 1 it does not, 2 bad input.",
    )
    parser.add_argument("solver", metavar="SOLVER", help="a name as for `t2bench solve`, such as mine.py:Mine")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the solver; may be repeated"
    )
    parser.add_argument("--time-limit", type=time_limit, default=20.0, metavar="S", help="seconds a case (default 20)")
    parser.add_argument("--memory-limit", type=memory_limit, default=4.0, metavar="GB", help="of a case (default 4)")
    add_traceback_option(parser)
    parser.add_argument("--json", action="store_true", help="machine-readable output")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print a line a check; 1 if one fails or the solver declines every case."""
    from benchmarks.conformance.examinee import Examinee
    from benchmarks.conformance.kit import conforms, examine
    from benchmarks.process.launcher import prepare
    from solvers.settings import parse_settings
    from t2bench.progress import CheckProgress

    settings, results = parse_settings(arguments.set), []
    with CheckProgress() as progress, traceback_of_complaints(arguments.traceback):
        limits = arguments.time_limit, arguments.memory_limit
        examinee = Examinee.named(arguments.solver, settings, *limits, progress=progress.show)
        prepare([examinee.solver])
        for result in examine(examinee):
            results.append(result)
            progress.hide()
            if not arguments.json:
                print("\n".join(_lines(result)), flush=True)
    if arguments.traceback:
        print(_first_traceback(results), end="", file=sys.stderr)
    passed = conforms(results)
    if arguments.json:
        checks = [result.document() for result in results]
        print(json.dumps({"solver": examinee.solver, "conforms": passed, "checks": checks}))
    else:
        print(f"{examinee.solver} {'conforms' if passed else 'does not conform'}")
    return DONE if passed else NO


def _first_traceback(results: Sequence[Result]) -> str:
    """That of the first case which has one; the others are mostly the same."""
    tracebacks = (finding.traceback for result in results for finding in result.findings)
    return next(filter(None, tracebacks), "")


def _lines(result: Result) -> list[str]:
    """The check in a line, and a line for each of the first cases that did not pass."""
    passed, declined = len(result.having("passed")), len(result.having("declined"))
    counts = [f"{passed} of {len(result.findings)} cases"] if result.findings else []
    counts += [f"{declined} declined"] if declined else []
    lines = [f"{result.verdict:<14}{result.check:<20}{'; '.join([*counts, *([result.note] if result.note else [])])}"]
    for verdict in ("failed", "declined"):
        found = result.having(verdict)
        lines += [f"    {verdict}: {finding.case}: {finding.words}" for finding in found[:SHOWN]]
        lines += [f"    {verdict}: {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return lines
