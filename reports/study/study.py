"""A study: the cells of a store, each measured against its instance's references."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from benchmarks.references.of_store import newest, references_of
from benchmarks.references.reference import Reference, captured_gain, gap
from benchmarks.store.integrals import Courses
from problems.io.errors import InputError
from problems.judge import bound_holds, proves_optimal
from reports.study.answers import StoredAnswers
from reports.study.cells import COLUMNS, tidy
from reports.study.summary import scopes_of, summarise


class ReadableStore(StoredAnswers, Protocol):
    """What a report reads of a store."""

    @property
    def location(self) -> str:
        """The store's path or address, for messages."""

    def rows(self, *names: str) -> pd.DataFrame:
        """One row a cell with these columns."""


@dataclass(frozen=True, eq=False)
class Study:
    """All cells of a store with what they are measured against."""

    cells: pd.DataFrame
    """One row a cell: :func:`reports.study.cells.tidy` with ``certified_here``, ``gap_low``, ``gap_high``,
    ``captured_low``, ``captured_high`` (fractions) and ``stake`` (cost)."""
    summary: pd.DataFrame
    """One row a scope and solver: :func:`reports.study.summary.summarise`."""
    courses: Courses
    """The events of every cell, each a solve, in the order of :attr:`cells`."""
    references: dict[str, Reference]
    """By ``instance_sha256``, in the order of families and seeds."""
    names: dict[str, str]
    """By ``instance_sha256``: a name that no other instance of the study has."""
    family_of: dict[str, str]
    """By ``instance_sha256``."""
    families: list[str]
    """In the order of the contract; a family in any sizes but its own counts as one, ``paper in other sizes``, and so
    does a family with changes, in whatever sizes, ``paper with changes``."""
    superseded: int
    """How many rows were left out because the same cell was run again later, by other code."""
    answers: StoredAnswers | None
    """What the solvers decided; None where that was not kept."""

    @property
    def scopes(self) -> dict[str, pd.DataFrame]:
        """The cells of all instances, where there are several families, and of each family."""
        return scopes_of(self.cells, self.families)


def read_study(store: ReadableStore) -> Study:
    """The study of a store's rows, which are read once. Raises InputError where there is none."""
    rows = store.rows(*COLUMNS)
    if rows.empty:
        raise InputError(f"{store.location}: holds no cells; there is nothing to report")
    return study_of(rows, store)


def study_of(rows: pd.DataFrame, answers: StoredAnswers | None = None) -> Study:
    """Measure the cells of a store's ``rows()``; the order of the rows does not matter."""
    current = newest(rows)
    cells = tidy(current)
    references = references_of(cells)
    cells = _measured(cells, references)
    families = list(dict.fromkeys(cells["scope"]))
    return Study(
        cells=cells,
        summary=summarise(cells, families),
        courses=Courses.of(json.loads(f"[{','.join(cells['events'])}]")),
        references=references,
        names=_names(cells),
        family_of=dict(zip(cells["instance_sha256"], cells["scope"], strict=True)),
        families=families,
        superseded=len(rows) - len(current),
        answers=answers,
    )


def _measured(cells: pd.DataFrame, references: dict[str, Reference]) -> pd.DataFrame:
    """The cells with what each of them is worth against the reference of its instance."""
    place, shas = cells["instance_sha256"].factorize()
    costs = cells["cost"].where(cells["solved"]).to_numpy()
    measured = cells.assign(**measures([references[sha] for sha in shas], place, costs))
    own = [references[sha] for sha in cells["instance_sha256"].to_numpy(dtype=object)]
    columns = (cells[name] for name in ("solved", "cost", "lower_bound"))
    measured["certified_here"] = [_certified(ref, *answer) for ref, *answer in zip(own, *columns, strict=True)]
    return measured


def measures(references: Sequence[Reference], place: np.ndarray, cost: np.ndarray) -> dict[str, np.ndarray]:
    """Of each cost (C,): ``gap_low``, ``gap_high``, ``captured_low``, ``captured_high`` (fractions) and ``stake``.

    ``place`` (C,) is that of the cost's reference. NaN: no cost, or not known.
    """
    best, bound, cloud, stake = (
        np.array([getattr(reference, name) for reference in references], dtype=float)[place]
        for name in ("best_cost", "best_bound", "cloud_cost", "stake")
    )
    certified = np.array([reference.certified for reference in references], dtype=bool)[place]
    found = dict(zip(("gap_low", "gap_high"), gap(cost, best, bound, certified), strict=True))
    gains = captured_gain(cost, cloud, best, bound, certified)
    found |= dict(zip(("captured_low", "captured_high"), gains, strict=True))
    return {name: np.where(np.isnan(cost), np.nan, values) for name, values in (found | {"stake": stake}).items()}


def _certified(reference: Reference, solved: bool, cost: float, bound: float) -> bool:
    """Whether a cell's own bound proves its own cost, and no other cell's cost contradicts that bound."""
    best, known = reference.best_cost, float(bound) if np.isfinite(bound) else None
    return solved and best is not None and proves_optimal(cost, known) and bound_holds(bound, best)


def _names(cells: pd.DataFrame) -> dict[str, str]:
    pairs = cells[["instance_sha256", "instance"]].drop_duplicates("instance_sha256")
    shared = pairs["instance"].duplicated(keep=False)
    return {
        str(sha): f"{name} ({str(sha)[:8]})" if twice else str(name)
        for sha, name, twice in zip(pairs["instance_sha256"], pairs["instance"], shared, strict=True)
    }
