"""Every verdict of a store once more, by the judge alone, from the instance and the solution that it keeps."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.process.outcome import MAY_BREAK_RULES, is_number
from benchmarks.store.solution_blob import unpack_prices, unpack_solution
from benchmarks.store.store import Store
from problems.certificates.bound import certified_bound
from problems.instance import Instance
from problems.io.errors import InputError
from problems.judge import Verdict, bound_holds, judge, proves_optimal
from problems.prices import Prices
from problems.solution import Solution
from problems.tolerances import OBJECTIVE_TOLERANCE

_METRICS = tuple(name for name in Verdict.__dataclass_fields__ if name != "violations")
_COLUMNS = (
    *("cell_id", "label", "instance_sha256", "repetition", "status", "violations", "lower_bound", "proved"),
    *_METRICS,
    *("solution", "prices"),
)


@dataclass(frozen=True)
class Rejudged:
    """One cell, judged again."""

    cell_id: str
    label: str
    repetition: int
    instance: str
    """Its name, or the start of its hash where it cannot be read."""
    has_solution: bool
    differences: tuple[str, ...] = ()
    """What is no longer so: the column, the stored and the recomputed value."""
    unreadable: str | None = None
    """Why the cell could not be judged."""
    bound: float | None = None
    """The lower bound that the stored prices prove; None without any."""
    bound_in_full: bool = False
    """Whether it reaches the stored lower bound; a search may have proved more."""

    @property
    def clean(self) -> bool:
        """Whether the cell is what its row says."""
        return not self.differences and self.unreadable is None


def rejudge(store: Store) -> Iterator[Rejudged]:
    """All cells, those of an instance together; the store is only read."""
    sha256, instance, problem = "", None, ""
    for row in store.records(*_COLUMNS):
        if row["instance_sha256"] != sha256:
            sha256 = row["instance_sha256"]
            instance, problem = _instance(store, sha256)
        yield _rejudged(row, instance, problem)


def _instance(store: Store, sha256: str) -> tuple[Instance | None, str]:
    """An instance, or why there is none."""
    try:
        instance = store.instance(sha256)
    except ValueError as error:
        return None, f"instance: {error}"
    if instance.sha256 != sha256:
        return None, f"instance: its hash is {instance.sha256[:12]}; must be {sha256[:12]}"
    return instance, ""


def _rejudged(row: dict[str, Any], instance: Instance | None, problem: str) -> Rejudged:
    name = row["instance_sha256"][:12] if instance is None else instance.name
    place = row["cell_id"], row["label"], row["repetition"], name
    if row["solution"] is None:
        return _without_solution(row, instance, problem, place)
    if instance is None:
        return Rejudged(*place, has_solution=True, unreadable=problem)
    try:
        solution = unpack_solution(row["solution"])
        verdict = judge(instance, solution)
        found = (*_metrics(row, verdict), *_rules(row, verdict), *_claims(row, instance, solution, verdict))
    except (ValueError, TypeError, KeyError) as error:
        return Rejudged(*place, has_solution=True, unreadable=f"solution: {error}")
    bound, full, wrong = _priced(row, instance, solution.prices, verdict)
    return Rejudged(*place, has_solution=True, differences=(*found, *wrong), bound=bound, bound_in_full=full)


def _without_solution(
    row: dict[str, Any], instance: Instance | None, problem: str, place: tuple[str, str, int, str]
) -> Rejudged:
    """A cell that has no answer, but perhaps a bound with its prices."""
    lost = () if row["cost"] is None else (f"cost: stored {row['cost']!r}, but no solution",)
    if instance is None or row["prices"] is None:
        return Rejudged(*place, has_solution=False, differences=lost, unreadable=problem or None)
    try:
        prices = unpack_prices(row["prices"])
    except ValueError as error:
        return Rejudged(*place, has_solution=False, differences=lost, unreadable=f"prices: {error}")
    bound, full, wrong = _priced(row, instance, prices, None)
    return Rejudged(*place, has_solution=False, differences=(*lost, *wrong), bound=bound, bound_in_full=full)


def _metrics(row: dict[str, Any], verdict: Verdict) -> Iterator[str]:
    for name in _METRICS:
        stored, judged = row[name], getattr(verdict, name)
        if not (_same(stored, judged) if is_number(stored) else not math.isfinite(judged)):
            yield f"{name}: stored {stored!r}, judged {judged!r}"


def _rules(row: dict[str, Any], verdict: Verdict) -> Iterator[str]:
    """The broken rules, and whether the status may stand beside them."""
    try:
        stored = [(one["rule"], one["place"]) for one in json.loads(row["violations"])]
    except (ValueError, TypeError, KeyError):
        yield "violations: not a JSON list of violations"
        return
    cut = any(rule == "more" for rule, _ in stored)
    before = [broken for broken in stored if broken[0] not in ("more", "incumbent")]
    before = [broken for broken in before if not broken[0].startswith("claim.")]
    now = [(one.rule, one.place) for one in verdict.violations]
    if now[: len(before)] != before or (len(now) > len(before) and not cut):
        yield f"violations: stored {_listed(before)}, judged {_listed(now)}"
    elif now and row["status"] not in MAY_BREAK_RULES:
        yield f"status: stored {row['status']!r}, but the solution breaks {_listed(now)}"


def _listed(broken: list[tuple[str, str]]) -> str:
    if not broken:
        return "none"
    first = f"{broken[0][0]} at {broken[0][1]}"
    return first if len(broken) == 1 else f"{first} and {len(broken) - 1} more"


def _claims(row: dict[str, Any], instance: Instance, solution: Solution, verdict: Verdict) -> Iterator[str]:
    stored, bound = row["lower_bound"], solution.lower_bound
    if not (_same(stored, bound) if stored is not None and bound is not None else stored is bound):
        yield f"lower_bound: stored {stored!r}, in the solution {bound!r}"
    if solution.instance_sha256 != instance.sha256:
        yield f"solution: made for instance {solution.instance_sha256[:12]!r}; must be {instance.sha256[:12]!r}"
    proved = verdict.feasible and proves_optimal(verdict.cost, stored)
    if proved != bool(row["proved"]):
        yield f"proved: stored {bool(row['proved'])}, judged {proved}"
    if row["status"] == "optimal" and not proved:
        yield f"status: stored 'optimal', but the bound {stored!r} does not prove the cost {verdict.cost!r}"
    if row["status"] != "invalid" and verdict.feasible and stored is not None and not bound_holds(stored, verdict.cost):
        yield f"lower_bound: stored {stored!r}, above the cost {verdict.cost!r}"


def _priced(
    row: dict[str, Any], instance: Instance, prices: Prices | None, verdict: Verdict | None
) -> tuple[float | None, bool, list[str]]:
    """The lower bound of the prices, whether it reaches the stored one, and what is wrong with it."""
    if prices is None:
        return None, False, []
    try:
        bound = certified_bound(instance, prices)
    except InputError as error:
        return None, False, [str(error)]
    full = is_number(row["lower_bound"]) and not _below(bound, row["lower_bound"])
    if verdict is not None and verdict.feasible and not bound_holds(bound, verdict.cost):
        return bound, full, [f"prices: they prove {bound!r}, above the cost {verdict.cost!r}"]
    return bound, full, []


def _same(stored: float, judged: float) -> bool:
    return math.isclose(stored, judged, rel_tol=OBJECTIVE_TOLERANCE)


def _below(bound: float, stated: float) -> bool:
    return bound < stated and not _same(bound, stated)
