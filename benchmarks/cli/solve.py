"""``t2bench solve``: one solver on one instance, in a process of its own where limits are set."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from problems.errors import InputError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("solve", help="solve an instance")
    parser.add_argument("instance", type=Path, metavar="INSTANCE")
    parser.add_argument("--solver", required=True, metavar="NAME", help="see `t2bench solvers`")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the solver; may be repeated"
    )
    parser.add_argument("--time-limit", type=_positive, metavar="S", help="wall-clock seconds")
    parser.add_argument("--memory-limit", type=_positive, metavar="GB", help="memory of the solver's process")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of whatever is random (default 0)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="SOLUTION", help="the solution's JSON file")
    parser.set_defaults(run=run)


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}; must be a number > 0")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Write the judged solution; exit 1 with a line on standard error where there is none."""
    from benchmarks.cell import run_cell
    from problems.instance import read_instance
    from problems.solution import write_solution
    from solvers.base import NotInstalled
    from solvers.registry import make_solver, parse_settings

    settings = parse_settings(arguments.set)
    if arguments.seed < 0:
        raise InputError(f"--seed: {arguments.seed}; must be >= 0")
    try:
        make_solver(arguments.solver, settings)
    except NotInstalled as error:
        raise InputError(f"solver {arguments.solver}: not installed: {error}") from None
    instance = read_instance(arguments.instance)
    outcome = run_cell(
        instance, arguments.solver, settings, arguments.seed, arguments.time_limit, arguments.memory_limit
    )
    if outcome.solution is None or outcome.verdict is None:
        print(f"t2bench: {arguments.solver}: {outcome.status}: {outcome.error or 'no solution'}", file=sys.stderr)
        return 1
    write_solution(outcome.solution, arguments.output)
    summary = {
        "status": outcome.status,
        "objective": outcome.solution.objective,
        "lower_bound": outcome.lower_bound,
        "solve_s": outcome.solve_s,
    }
    print(json.dumps(summary))
    for violation in outcome.violations:
        print(f"t2bench: {arguments.solver}: {violation.rule}: {violation.message}", file=sys.stderr)
    return 1 if outcome.violations or not outcome.verdict.feasible else 0
