"""The shipped table made anew: its matrix run, and an entry derived from the cells of each instance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.matrix.cell import Cell
from benchmarks.references.of_store import answers_of
from benchmarks.references.reference import Answer, reference_of
from benchmarks.references.shipped_answers import solution_under
from benchmarks.references.table import Entry, Proof
from benchmarks.store.store import Store
from problems.certificates.bound import certified_bound
from problems.instance import Instance
from problems.judge import bound_holds, close, judge, proves_optimal
from problems.prices import Prices
from problems.tolerances import OPTIMALITY_TOLERANCE

MATRIX = "references"
DIGITS = 6
"""Significant digits that prices are kept with."""


def entries_of(cells: Sequence[Cell], store: Store) -> list[Entry]:
    """An entry for every instance that has an answer, from the rows of these cells, in their order."""
    by_id = {cell.cell_id: cell for cell in cells}
    rows = store.rows("cell_id", "instance_sha256", "label", "solver", "exact", "status", "cost", "lower_bound")
    rows = rows[rows["cell_id"].isin(by_id.keys())].set_index("cell_id", drop=False)
    rows = rows.reindex([cell_id for cell_id in by_id if cell_id in rows.index])
    answers = answers_of(rows)
    entries = []
    for sha256, group in rows.groupby("instance_sha256", sort=False):
        own = answers[str(sha256)]
        best = reference_of(own).best_cost
        first = next(
            (i for i, a in enumerate(own) if best is not None and a.cost is not None and close(a.cost, best)), -1
        )
        if first >= 0:
            ids = [str(cell_id) for cell_id in group["cell_id"]]
            entries.append(_entry(by_id[ids[first]], own, [store.solution(cell_id) for cell_id in ids], first))
    return entries


def differences(shipped: Sequence[Entry], made: Sequence[Entry]) -> Iterator[tuple[str, bool]]:
    """A line for all in which the entries made differ from those shipped, and whether one of the two is false."""
    before = {entry.instance_sha256: entry for entry in shipped}
    for entry in made:
        old = before.get(entry.instance_sha256)
        if old is None:
            yield f"{entry.name}: new, {entry.source}", False
            continue
        for name in ("value", "bound"):
            was, now = getattr(old, name), getattr(entry, name)
            if was is None or now is None or abs(was - now) > OPTIMALITY_TOLERANCE * abs(was):
                yield f"{entry.name}: {name}: {was!r} before, {now!r} now", False
        if old.source != entry.source:
            yield f"{entry.name}: source: {old.source} before, {entry.source} now", False
        for bound, value, words in ((old.bound, entry.value, "before"), (entry.bound, old.value, "now")):
            if bound is not None and not bound_holds(bound, value):
                yield f"{entry.name}: bound {words}: {bound!r}, which a solution of cost {value!r} contradicts", True


def _entry(cell: Cell, answers: Sequence[Answer], solutions: Sequence[Any], first: int) -> Entry:
    """The entry whose value is that of ``cell``, the one of ``answers[first]``."""
    instance, reference = cell.recipe.instance(), reference_of(answers)
    prices = _best_prices(instance, [s.prices for s in solutions if s is not None and s.prices is not None])
    entry = Entry(
        family=cell.recipe.source,
        scenario_seed=cell.recipe.scenario.scenario_seed,
        trace_seed=cell.recipe.trace_seed,
        instance_sha256=instance.sha256,
        value=float("nan"),
        bound=reference.best_bound,
        priced_bound=None if prices is None else certified_bound(instance, prices),
        source=reference.source,
        proofs=_proofs(answers),
        command=cell.command,
        cache=np.asarray(solutions[first].cache).astype(int),
        prices=prices,
    )
    return replace(entry, value=judge(instance, solution_under(instance, entry)).cost)


def _proofs(answers: Sequence[Answer]) -> tuple[Proof, ...]:
    """Of each exact method the bound that proved its own answer."""
    proofs: dict[str, Proof] = {}
    for a in answers:
        if a.exact and a.cost is not None and a.bound is not None and proves_optimal(a.cost, a.bound):
            proofs.setdefault(a.method, Proof(a.solver, a.bound))
    return tuple(proofs.values())


def _best_prices(instance: Instance, found: Sequence[Prices]) -> Prices | None:
    rounded = [Prices(_rounded(prices.steps), _rounded(prices.bandwidth), _rounded(prices.loading)) for prices in found]
    return max(rounded, key=lambda prices: certified_bound(instance, prices), default=None)


def _rounded(prices: np.ndarray) -> np.ndarray:
    """Towards zero, so that no price leaves its range."""
    with np.errstate(divide="ignore"):
        places = DIGITS - 1 - np.floor(np.log10(np.where(prices > 0, prices, 1.0)))
    scale = 10.0**places
    kept: np.ndarray = np.where(prices > 0, np.floor(prices * scale) / scale, 0.0)
    return kept
