"""``t2bench bound``: a certified lower bound on the cost of every solution of an instance."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from problems.errors import InputError


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("bound", help="print a certified lower bound, and write the prices that prove it")
    parser.add_argument("instance", type=Path, metavar="INSTANCE")
    parser.add_argument(
        "--method", default="lagrangian", metavar="NAME", help="lagrangian (default), or any solver that gives a bound"
    )
    parser.add_argument("--time-limit", type=float, metavar="S", help="wall-clock seconds, honoured by the solver")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="CERTIFICATE", help="write the prices, for `t2bench verify --bound`"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the bound as JSON; 1 if the method found none."""
    from problems.certificate import certified_bound, write_certificate
    from problems.instance import read_instance
    from solvers.base import Budget, NotInstalled, Silent, Unsuitable
    from solvers.caching.lagrangian import Lagrangian
    from solvers.registry import make_solver

    if arguments.time_limit is not None and not arguments.time_limit > 0:
        raise InputError(f"--time-limit: {arguments.time_limit:g}; must be > 0")
    if arguments.output is not None and arguments.method != "lagrangian":
        raise InputError(f"--method: {arguments.method!r}; only lagrangian has prices to write with -o")
    try:
        solver = make_solver(arguments.method)
    except NotInstalled as error:
        raise InputError(f"--method {arguments.method}: not installed: {error}") from None
    if not solver.capabilities.gives_bound:
        raise InputError(f"--method: {arguments.method!r} gives no bound; `t2bench solvers` lists those that do")
    instance = read_instance(arguments.instance)
    budget, started = Budget(arguments.time_limit), time.monotonic()
    bound: float | None
    if arguments.method == "lagrangian":
        prices = Lagrangian().plan(instance, budget, Silent()).prices
        assert prices is not None
        bound = certified_bound(instance, prices)
        if arguments.output is not None:
            write_certificate(instance, prices, arguments.output)
    else:
        try:
            bound = solver.solve(instance, budget, Silent()).lower_bound
        except Unsuitable as error:
            raise InputError(f"{arguments.instance}: {arguments.method} does not take it: {error}") from None
    print(json.dumps({"lower_bound": bound, "method": arguments.method, "seconds": time.monotonic() - started}))
    return 0 if bound is not None else 1
