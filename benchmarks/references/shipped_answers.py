"""The shipped references once more through the judge, and as answers that stand beside those of cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from benchmarks.references.reference import Answer
from benchmarks.references.table import Entry, covered_families, read_entries
from problems.certificates.bound import certified_bound
from problems.episode import slots_of
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from problems.instance import Instance
from problems.io.errors import InputError
from problems.judge import Verdict, bound_holds, close, judge, proves_optimal
from problems.solution import Solution
from solvers.allocation.exact import ExactAllocation

LABEL = "shipped reference"


@dataclass(frozen=True)
class CheckedEntry:
    """An entry of the table and what is wrong with it."""

    entry: Entry
    value: float | None
    """What the judge says now; None for a solution that breaks rules or an instance that is another."""
    priced_bound: float | None
    complaints: tuple[str, ...]

    def answers(self) -> list[Answer]:
        """What may count beside the cells of the same instance; nothing if anything is wrong."""
        if self.complaints:
            return []
        claims = [(LABEL, LABEL, self.priced_bound, False)]
        claims += [(f"{proof.solver} (shipped)", proof.solver, proof.lower_bound, True) for proof in self.entry.proofs]
        return [
            Answer(label, solver, exact, self.value, bound, complete=True, shipped=True)
            for label, solver, bound, exact in claims
        ]


def check_entry(entry: Entry) -> CheckedEntry:
    """Sample the instance, allocate under the caches, judge, and recompute the bound of the prices."""
    instance = sample_instance(family_scenario(entry.family, entry.scenario_seed), entry.trace_seed)
    if instance.sha256 != entry.instance_sha256:
        found = instance.sha256[:12]
        return CheckedEntry(
            entry, None, None, (f"instance: its hash is {found}; must be {entry.instance_sha256[:12]}",)
        )
    try:
        verdict = judge(instance, solution_under(instance, entry))
        priced = None if entry.prices is None else certified_bound(instance, entry.prices)
    except (InputError, ValueError, IndexError) as error:
        return CheckedEntry(entry, None, None, (str(error),))
    return CheckedEntry(
        entry, verdict.cost if verdict.feasible else None, priced, tuple(_complaints(entry, verdict, priced))
    )


def solution_under(instance: Instance, entry: Entry) -> Solution:
    """The entry's caches with exact allocation. Raises ValueError or IndexError for caches of another shape."""
    shape = instance.trace.request.shape
    bandwidth, steps = ExactAllocation().allocate(slots_of(instance, entry.cache))
    return Solution(entry.cache, bandwidth.reshape(shape), steps.reshape(shape))


def _complaints(entry: Entry, verdict: Verdict, priced: float | None) -> Iterator[str]:
    for broken in verdict.violations[:1]:
        yield f"cache: {broken.message}"
    if not close(entry.value, verdict.cost):
        yield f"value: the table says {entry.value!r}, the judge {verdict.cost!r}"
    if (priced is None) != (entry.priced_bound is None) or (
        priced is not None and entry.priced_bound is not None and not close(entry.priced_bound, priced)
    ):
        yield f"priced_bound: the table says {entry.priced_bound!r}, the prices prove {priced!r}"
    bounds = {"bound": entry.bound, "priced_bound": entry.priced_bound}
    bounds |= {f"proofs, {proof.solver}": proof.lower_bound for proof in entry.proofs}
    for name, bound in bounds.items():
        if bound is not None and not bound_holds(bound, verdict.cost):
            yield f"{name}: {bound!r}, above the value {verdict.cost!r}"
    for proof in entry.proofs:
        if not proves_optimal(verdict.cost, proof.lower_bound):
            yield f"proofs, {proof.solver}: {proof.lower_bound!r} does not prove the value {verdict.cost!r}"


def shipped_answers(instances: Collection[str]) -> dict[str, list[Answer]]:
    """By the hash of each of these instances that the table has: what the table says of it, judged now."""
    table = {entry.instance_sha256: entry for family in covered_families() for entry in read_entries(family)}
    return {sha256: check_entry(table[sha256]).answers() for sha256 in instances if sha256 in table}
