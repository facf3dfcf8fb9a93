"""``t2bench bound``: a certified lower bound on the cost of every solution of an instance."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from problems.io.errors import InputError
from t2bench.exit_codes import DONE, NO

if TYPE_CHECKING:
    from problems.instance import Instance
    from problems.prices import Prices
    from solvers.base import Budget, Solver


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("bound", help="print a certified lower bound, and write what proves it")
    parser.add_argument("instance", type=Path, metavar="INSTANCE")
    parser.add_argument(
        "--method", default="lagrangian", metavar="NAME", help="lagrangian (default), or any solver that gives a bound"
    )
    parser.add_argument("--time-limit", type=float, metavar="S", help="wall-clock seconds, honoured by the solver")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="CERTIFICATE", help="write the proof, for `t2bench verify --bound`"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the bound as JSON; 1 if the method found none."""
    from problems.certificates.file import Certificate, write_certificate
    from problems.instance import read_instance
    from solvers.base import Budget, NotInstalled, Unsuitable
    from solvers.registry import make_solver

    if arguments.time_limit is not None and not arguments.time_limit > 0:
        raise InputError(f"--time-limit: {arguments.time_limit:g}; must be > 0")
    try:
        solver = make_solver(arguments.method)
    except NotInstalled as error:
        raise InputError(f"--method {arguments.method}: not installed: {error}") from None
    if not solver.capabilities.gives_bound:
        raise InputError(f"--method: {arguments.method!r} gives no bound; `t2bench solvers` lists those that do")
    instance = read_instance(arguments.instance)
    budget, started = Budget(arguments.time_limit), time.monotonic()
    try:
        bound, prices = _bound(solver, instance, budget)
    except Unsuitable as error:
        raise InputError(f"{arguments.instance}: {arguments.method} does not take it: {error}") from None
    seconds = time.monotonic() - started
    certificate = Certificate.of(instance, arguments.method, bound, prices)
    if arguments.output is not None and certificate is not None:
        write_certificate(instance, certificate, arguments.output)
    print(json.dumps({"lower_bound": bound, "method": arguments.method, "seconds": seconds}))
    return DONE if bound is not None else NO


def _bound(solver: Solver, instance: Instance, budget: Budget) -> tuple[float | None, Prices | None]:
    """The solver's bound, and prices where it has them; of ``lagrangian`` what its prices prove, without an answer."""
    from problems.certificates.bound import certified_bound
    from solvers.base import Silent
    from solvers.caching.lagrangian import Lagrangian
    from solvers.two_timescale import TwoTimescale

    if isinstance(solver, TwoTimescale) and isinstance(solver.caching, Lagrangian):
        prices = solver.caching.plan(instance, budget, Silent()).prices
        assert prices is not None
        return certified_bound(instance, prices), prices
    solution = solver.solve(instance, budget, Silent())
    return solution.lower_bound, solution.prices
