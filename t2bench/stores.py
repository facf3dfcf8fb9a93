"""A store as pandas frames: its rows with their gaps, the references, a row a solver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.references.of_store import references_in
from benchmarks.store import store as stores
from problems.instance import Instance
from problems.solution import Solution
from reports.study.cells import COLUMNS
from reports.study.study import Study, read_study, study_of


@dataclass(frozen=True)
class Store:
    """A store to read from. Every method opens it anew and sees what has been written meanwhile."""

    location: str
    """A SQLite file's path, or an SQLAlchemy URL."""

    def rows(self) -> pd.DataFrame:
        """A row a cell, with all columns of the store and those of its instance.

        Columns beside the store's: ``gap_low`` and ``gap_high``, the interval of the gap to the reference, one number
        where that is certified; ``captured_low`` and ``captured_high``, that of the captured gain, fractions all four;
        ``certified_here``, whether the cell proved its own answer. Of rows that differ in nothing but the code that
        answered, the newest.

        >>> store.rows().groupby("label")["gap_low"].mean()
        """
        with stores.Store.open(self.location) as store:
            whole = store.rows()
        measured = study_of(whole[list(COLUMNS)]).cells
        further = [name for name in whole.columns if name not in measured.columns]
        return measured.merge(whole[["cell_id", *further]], on="cell_id", how="left", validate="one_to_one")

    def references(self) -> pd.DataFrame:
        """A row an instance: the best known ``value`` and ``bound``, ``source`` and ``provenance``, and who proved it.

        >>> store.references().set_index("instance")["value"]
        """
        with stores.Store.open(self.location) as store:
            return pd.DataFrame([reference.record() for reference in references_in(store)])

    def summary(self) -> pd.DataFrame:
        """A row a solver and family, and one over all of them: mean gaps, captured gain, times, what failed.

        >>> store.summary().query("scope == 'all instances'")[["label", "gap_low", "time_s"]]
        """
        return self.study().summary

    def instance(self, sha256: str) -> Instance:
        """The instance with this hash, the column ``instance_sha256``. Raises InputError for an unknown one.

        >>> instance = store.instance(store.rows()["instance_sha256"][0])
        """
        with stores.Store.open(self.location) as store:
            return store.instance(sha256)

    def solution(self, cell_id: str) -> Solution | None:
        """The solution of a cell, the column ``cell_id``; None where it has none. Raises InputError.

        >>> solution = store.solution(store.rows()["cell_id"][0])
        """
        with stores.Store.open(self.location) as store:
            return store.solution(cell_id)

    def study(self) -> Study:
        """All cells with what they are measured against, as the report's chapters take them."""
        with stores.Store.open(self.location) as store:
            return read_study(store)


AnyStore = Store | str | Path


def open_store(location: AnyStore) -> Store:
    """The store at a path or an SQLAlchemy URL. Raises InputError where there is none.

    >>> t2bench.open_store("study.sqlite").rows()
    """
    location = location.location if isinstance(location, Store) else str(location)
    with stores.Store.open(location):
        return Store(location)
