"""``t2bench solve``: one solver on one instance, in a process of its own."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from problems.io.errors import InputError
from t2bench.cli.shared.limit_options import cpu_limit, memory_limit, time_limit
from t2bench.cli.shared.traceback_option import add_traceback_option, traceback_of_complaints
from t2bench.exit_codes import DONE, NO

if TYPE_CHECKING:
    from benchmarks.process.outcome import Outcome
    from benchmarks.process.request import Request
    from problems.instance import Instance
    from problems.solution import Solution


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("solve", help="solve an instance")
    parser.add_argument("instance", type=Path, metavar="INSTANCE")
    parser.add_argument("--solver", required=True, metavar="NAME", help="see `t2bench solvers`")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the solver; may be repeated"
    )
    parser.add_argument("--time-limit", type=time_limit, metavar="S", help="wall-clock seconds")
    parser.add_argument("--memory-limit", type=memory_limit, metavar="GB", help="memory of the solver's process")
    parser.add_argument(
        "--cpu-limit", type=cpu_limit, metavar="S", help="processor seconds of the solver and all that it starts"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of whatever is random (default 0)")
    parser.add_argument(
        "--start", type=Path, metavar="SOLUTION", help="a feasible solution to improve on, for solvers that take one"
    )
    add_traceback_option(parser)
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="SOLUTION", help="the solution's JSON file")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the judged solution; exit 1 with a line on standard error where there is none."""
    from benchmarks.process.request import Request
    from benchmarks.process.user_code import made
    from problems.instance import read_instance
    from solvers.base import NotInstalled
    from solvers.settings import parse_settings

    settings = parse_settings(arguments.set)
    if arguments.seed < 0:
        raise InputError(f"--seed: {arguments.seed}; must be >= 0")
    try:
        with traceback_of_complaints(arguments.traceback):
            solver = made(arguments.solver, settings)
    except NotInstalled as error:
        raise InputError(f"solver {arguments.solver}: not installed: {error}") from None
    if arguments.start is not None and not solver.capabilities.takes_start:
        raise InputError(f"--start: {arguments.solver} takes none; `t2bench solvers` lists those that do")
    instance = read_instance(arguments.instance)
    start = None if arguments.start is None else _start(instance, arguments.start)
    limits = arguments.time_limit, arguments.memory_limit, arguments.cpu_limit
    outcome = _answered(Request(instance, arguments.solver, settings, arguments.seed, *limits, start=start))
    if arguments.traceback and outcome.traceback is not None:
        print(outcome.traceback, end="", file=sys.stderr)
    unanswered = outcome.solution is None or outcome.verdict is None
    if unanswered or outcome.traceback is not None:
        print(f"t2bench: {arguments.solver}: {outcome.status}: {outcome.error or 'no solution'}", file=sys.stderr)
    if outcome.solution is None or outcome.verdict is None:
        return NO
    certificate = _write(instance, outcome.solution, proved=not outcome.violations, path=arguments.output)
    summary = {
        "status": outcome.status,
        "objective": outcome.solution.objective,
        "lower_bound": outcome.lower_bound,
        "solve_s": outcome.solve_s,
        "certificate": None if certificate is None else str(certificate),
    }
    print(json.dumps(summary))
    for violation in outcome.violations:
        print(f"t2bench: {arguments.solver}: {violation.rule}: {violation.message}", file=sys.stderr)
    return NO if outcome.violations or not outcome.verdict.feasible else DONE


def _answered(request: Request) -> Outcome:
    """In a process of its own; where processes cannot be forked, in this one if there is no limit to enforce."""
    from benchmarks.process.launcher import can_fork
    from benchmarks.process.run import run_cell, run_here

    limits = request.time_limit_s, request.memory_limit_gb, request.cpu_limit_s
    if can_fork() or any(limit is not None for limit in limits):
        return run_cell(request)
    with contextlib.redirect_stdout(sys.stderr):  # whatever the solver prints is no result
        return run_here(request)


def _start(instance: Instance, path: Path) -> Solution:
    """The solution in ``path``, judged. Raises InputError unless it is a feasible one of the instance."""
    from problems.judge import judge
    from problems.solution import read_solution

    solution = read_solution(path, instance)
    if solution.instance_sha256 != instance.sha256:
        raise InputError(f"{path}: instance_sha256: made for another instance; must be {instance.sha256!r}")
    violations = judge(instance, solution).violations
    if violations:
        raise InputError(f"{path}: {violations[0].message}; a start must be feasible")
    return solution


def _write(instance: Instance, solution: Solution, proved: bool, path: Path) -> Path | None:
    """Write the solution and, where there is a proof, its certificate beside it; returns where that is.

    A certificate of an earlier solution goes first, so that it is never taken for this one's.
    """
    from problems.certificates.file import Certificate, certificate_path, remove_certificate, write_certificate
    from problems.solution import write_solution

    if path.exists() and not path.is_file():  # a pipe or a terminal has nothing beside it
        write_solution(solution, path)
        return None
    remove_certificate(certificate_path(path))
    write_solution(solution, path)
    certificate = Certificate.of(instance, solution.solver, solution.lower_bound, solution.prices) if proved else None
    if certificate is None:
        return None
    write_certificate(instance, certificate, certificate_path(path))
    return certificate_path(path)
