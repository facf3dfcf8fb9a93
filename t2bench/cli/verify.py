"""``t2bench verify``: what a solution is worth, by the judge alone."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from problems.instance import Instance
from problems.io.errors import InputError
from problems.judge import Verdict, Violation
from t2bench.exit_codes import DONE, NO


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the verb."""
    parser = subparsers.add_parser("verify", help="judge a solution: cost, metrics and violations as JSON")
    parser.add_argument("instance", type=Path, metavar="INSTANCE")
    parser.add_argument("solution", type=Path, metavar="SOLUTION")
    parser.add_argument(
        "--reference", type=Path, metavar="SOLUTION", help="a solution to measure the gap and the captured gain against"
    )
    parser.add_argument(
        "--bound",
        type=Path,
        metavar="CERTIFICATE",
        help="recompute the lower bound that a certificate's prices prove; a search's bound is shown as its word",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the verdict; 0 if the solution is feasible and as claimed, else 1."""
    from problems.instance import read_instance
    from problems.judge import check_claims, judge
    from problems.solution import read_solution

    instance = read_instance(arguments.instance)
    solution = read_solution(arguments.solution, instance)
    verdict = judge(instance, solution)
    false_claims = check_claims(instance, solution, verdict)
    document = verdict.document()
    document["violations"] += [asdict(claim) for claim in false_claims]
    document["as_claimed"] = not false_claims
    document["claimed"] = {
        "solver": solution.solver,
        "status": solution.status,
        "objective": solution.objective,
        "lower_bound": solution.lower_bound,
    }
    contradicted: list[Violation] = []
    if arguments.bound is not None:
        proof, contradicted = _certified(instance, verdict, arguments.bound)
        document |= proof
        document["violations"] += [asdict(bound) for bound in contradicted]
    if arguments.reference is not None:
        document |= _relative(instance, verdict, arguments.reference)
    print(json.dumps(document, indent=2, allow_nan=False))
    for bound in contradicted:
        print(f"t2bench: {arguments.bound}: {bound.message}", file=sys.stderr)
    return DONE if verdict.feasible and not false_claims and not contradicted else NO


def _relative(instance: Instance, verdict: Verdict, path: Path) -> dict[str, Any]:
    """The gap and the captured gain, the judged cost of the solution in ``path`` taken as J*."""
    from problems.judge import captured_gain, check_claims, judge, optimality_gap
    from problems.solution import read_solution
    from solvers.cloud import cloud_cost

    solution = read_solution(path, instance)
    if solution.instance_sha256 != instance.sha256:
        raise InputError(f"{path}: instance_sha256: made for another instance; must be {instance.sha256!r}")
    reference = judge(instance, solution)
    if not reference.feasible:
        raise InputError(f"{path}: {reference.violations[0].message}; a reference must be feasible")
    cloud = cloud_cost(instance)
    known = verdict.document()["cost"] is not None
    return {
        "reference_cost": reference.cost,
        "reference_claims_optimal": solution.status == "optimal" and not check_claims(instance, solution, reference),
        "cloud_cost": cloud,
        "gap": optimality_gap(verdict.cost, reference.cost) if known else None,
        "captured_gain": captured_gain(verdict.cost, cloud, reference.cost) if known else None,
    }


def _certified(instance: Instance, verdict: Verdict, path: Path) -> tuple[dict[str, Any], list[Violation]]:
    """What a certificate says, and the bounds in it that the cost contradicts.

    ``certified_bound`` is recomputed here from the prices; ``search_bound`` is what a search says.
    """
    from problems.certificates.bound import certified_bound
    from problems.certificates.file import read_certificate
    from problems.judge import bound_holds, optimality_gap

    certificate, cost = read_certificate(path, instance), verdict.cost
    search, prices = certificate.search, certificate.prices
    bound = None if prices is None else certified_bound(instance, prices)
    contradicted = []
    if verdict.feasible and bound is not None and not bound_holds(bound, cost):
        message = f"the prices prove that no cost is below {bound!r}, but this feasible solution's is {cost!r}"
        contradicted.append(Violation("certificate.prices", "prices", bound - cost, message))
    if verdict.feasible and search is not None and not search.holds(cost):
        claimed = search.lower_bound
        message = f"{search.solver} claims that no cost is below {claimed!r}; this solution's is {cost!r}"
        contradicted.append(Violation("certificate.search", "search.lower_bound", claimed - cost, message))
    document = {
        "certified_bound": bound,
        "certified_gap": optimality_gap(cost, bound) if verdict.feasible and bound is not None and bound > 0 else None,
        "search_solver": None if search is None else search.solver,
        "search_bound": None if search is None else search.lower_bound,
        "search_tolerance": None if search is None else search.tolerance,
    }
    return document, contradicted
