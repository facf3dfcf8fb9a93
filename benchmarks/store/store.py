"""The record: a row a cell, with its instance and its solution; SQLite by a path, any database by an SQLAlchemy URL."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Engine, Executable, Table, inspect, null, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from benchmarks.matrix.cell import canonical_json
from benchmarks.store.database import connect, display_name, reason, take_turns
from benchmarks.store.migrations import STEPS, migrate
from benchmarks.store.row import Row
from benchmarks.store.schema import SCHEMA_VERSION, VERSION, best_known, cells, instances, meta, metadata
from benchmarks.store.solution_blob import unpack_cache, unpack_solution
from problems.instance import Instance, from_document
from problems.io.errors import InputError
from problems.io.files import from_gzip, to_gzip
from problems.io.json_document import parse_json
from problems.solution import Solution

FORMAT = "t2bench-store"
BLOBS = ("solution", "prices")
"""Columns of cells that hold no value but packed arrays."""
_BATCH = 100
"""Rows fetched at once while reading a whole store."""


class Store:
    """An open store. What goes wrong with the database is an InputError, one line that names the store."""

    def __init__(self, location: str, engine: Engine) -> None:
        self.location = location
        self._engine = engine
        self._lacking: frozenset[str] = frozenset()
        """Columns of cells that an older store, opened to read, does not have yet; they read as NULL."""
        self._known_instances: set[str] = set()

    @classmethod
    def open(cls, location: str | Path, create: bool = False) -> Self:
        """The store at a path or an SQLAlchemy URL; ``create``: to write, a new one where there is none.

        A store of an earlier schema version is brought up to date when it is opened to write. Raises InputError:
        nothing there, no store of t2bench, a later schema version, not writable, no driver.
        """
        store = cls(display_name(location), connect(location, create))
        try:
            store._check(create)
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, row: Row) -> None:
        """Keep a row and its instance, in one transaction; of two rows of a cell the first stays."""
        self._keep(row, self._insert_new(cells))

    def replace(self, row: Row) -> None:
        """As :meth:`add`, but the row takes the place of one that the cell has; there is one at any moment."""
        insert = self._insert(cells)
        columns = {column.name: insert.excluded[column.name] for column in cells.c if not column.primary_key}
        self._keep(row, insert.on_conflict_do_update(index_elements=[cells.c.cell_id], set_=columns))

    def adopt(self, other: Store, cell_ids: Collection[str]) -> int:
        """Take over these cells of another store with their instances, all or none; those held already stay.

        Returns how many were new here.
        """
        added, known = 0, set[str]()
        insert = self._insert(cells).on_conflict_do_nothing().returning(cells.c.cell_id)
        with self._one_line_errors("cannot be written"), self._engine.begin() as connection:
            for record in other.records():
                if record["cell_id"] in cell_ids:
                    sha256 = record["instance_sha256"]
                    if sha256 not in known:
                        connection.execute(self._insert_new(instances), other._instance_record(sha256))
                        known.add(sha256)
                    added += connection.execute(insert, record).first() is not None
        return added

    def keep_references(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Keep these values by column of ``best_known``, each in the place of its instance's earlier one."""
        insert = self._insert(best_known)
        columns = {column.name: insert.excluded[column.name] for column in best_known.c if not column.primary_key}
        upsert = insert.on_conflict_do_update(index_elements=[best_known.c.instance_sha256], set_=columns)
        with self._one_line_errors("cannot be written"), self._engine.begin() as connection:
            for record in records:
                connection.execute(upsert, record)

    def finished(self) -> set[str]:
        """The ids of all cells that have a row."""
        with self._one_line_errors("cannot be read"), self._engine.connect() as connection:
            return set(connection.scalars(select(cells.c.cell_id)))

    def rows(self, *names: str) -> pd.DataFrame:
        """All cells, each with its instance's columns (the name is ``instance``), without the blobs.

        ``names``: these columns alone.
        """
        found, plain = self._table(names)
        return pd.DataFrame.from_records(plain, columns=found, coerce_float=True)

    def plain_rows(self) -> pd.DataFrame:
        """As :meth:`rows`, every value as the database gives it: a whole number beside NULL is no float."""
        found, plain = self._table(())
        return pd.DataFrame(plain, columns=found, dtype=object)

    def _table(self, names: Sequence[str]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The columns of :meth:`rows` and their values, a tuple a cell."""
        own = [self._column(column.name) for column in cells.c if column.name not in BLOBS]
        of_instance = [column for column in instances.c if column.name not in ("sha256", "name", "document")]
        columns = {column.name: column for column in (*own, instances.c.name.label("instance"), *of_instance)}
        query = select(*(columns[name] for name in names or columns)).join_from(cells, instances)
        with self._one_line_errors("cannot be read"), self._engine.connect() as connection:
            found = connection.execute(query.order_by(cells.c.started_at, cells.c.cell_id))
            # Plain tuples: pandas asks each row for attributes, which SQLAlchemy's are slow to deny.
            return list(found.keys()), list(map(tuple, found.all()))

    def records(self, *names: str) -> Iterator[dict[str, Any]]:
        """The cells as they are kept, solutions packed, those of an instance together.

        ``names``: these columns alone.
        """
        query = select(*(self._column(name) for name in names or cells.c.keys()))
        with self._one_line_errors("cannot be read"), self._engine.connect() as connection:
            streaming = connection.execution_options(yield_per=_BATCH)
            for found in streaming.execute(query.order_by(cells.c.instance_sha256, cells.c.cell_id)):
                yield dict(found._mapping)

    def solution(self, cell_id: str) -> Solution | None:
        """The solution of a cell; None if it has none. Raises InputError for an unknown cell."""
        content = self._one(select(cells.c.solution).where(cells.c.cell_id == cell_id), f"cell {cell_id}")
        return None if content is None else unpack_solution(content)

    def solutions(self, cell_ids: Collection[str]) -> dict[str, Solution]:
        """By its id the solution of each of the cells that has one."""
        return {cell_id: unpack_solution(content) for cell_id, content in self._packed(cell_ids).items()}

    def caches(self, cell_ids: Collection[str]) -> dict[str, np.ndarray]:
        """By its id the cache, (T, M), of each of the cells that has a solution."""
        return {cell_id: unpack_cache(content) for cell_id, content in self._packed(cell_ids).items()}

    def _packed(self, cell_ids: Collection[str]) -> dict[str, bytes]:
        query = select(cells.c.cell_id, cells.c.solution).where(cells.c.cell_id.in_(cell_ids))
        with self._one_line_errors("cannot be read"), self._engine.connect() as connection:
            found = connection.execute(query.where(cells.c.solution.is_not(None))).all()
        return {row.cell_id: row.solution for row in found}

    def instance(self, sha256: str) -> Instance:
        """An instance by its hash. Raises InputError for an unknown one."""
        content = self._one(select(instances.c.document).where(instances.c.sha256 == sha256), f"instance {sha256}")
        return from_document(parse_json(from_gzip(content)))

    def _column(self, name: str) -> ColumnElement[Any]:
        return null().label(name) if name in self._lacking else cells.c[name]

    def _keep(self, row: Row, insert: Executable) -> None:
        sha256 = row.cell["instance_sha256"]
        columns = None if sha256 in self._known_instances else instance_columns(row.recipe.instance())
        with self._one_line_errors("cannot be written"), self._engine.begin() as connection:
            if columns is not None:
                connection.execute(self._insert_new(instances), columns)
            connection.execute(insert, row.cell)
        self._known_instances.add(sha256)

    def _instance_record(self, sha256: str) -> dict[str, Any]:
        with self._one_line_errors("cannot be read"), self._engine.connect() as connection:
            found = connection.execute(select(instances).where(instances.c.sha256 == sha256)).first()
        if found is None:
            raise InputError(f"{self.location}: has no instance {sha256}")
        return dict(found._mapping)

    def _one(self, query: Executable, what: str) -> Any:
        with self._one_line_errors("cannot be read"), self._engine.connect() as connection:
            found = connection.execute(query).first()
        if found is None:
            raise InputError(f"{self.location}: has no {what}")
        return found[0]

    def _check(self, create: bool) -> None:
        with self._one_line_errors("cannot be opened"):
            tables = set(inspect(self._engine).get_table_names())
            if meta.name not in tables and not (create and tables <= set(metadata.tables)):
                raise InputError(f"{self.location}: not a store of t2bench")
        if meta.name in tables:
            self._checked_version()  # a later one is refused before anything is written
        if create:
            with self._one_line_errors("cannot be opened"):
                self._make()
        version = self._checked_version()
        if version < SCHEMA_VERSION and create:
            with self._one_line_errors("cannot be brought up to date"), self._engine.begin() as connection:
                migrate(connection, SCHEMA_VERSION)
        elif version < SCHEMA_VERSION:
            present = {column["name"] for column in inspect(self._engine).get_columns(cells.name)}
            self._lacking = frozenset(cells.c.keys()) - present

    def _make(self) -> None:
        """Make what is not there yet, others doing the same included; fails on a store that cannot be written."""
        identity = {"format": FORMAT, VERSION: str(SCHEMA_VERSION)}
        with self._engine.begin() as connection:
            take_turns(connection)
            for table in (instances, cells, best_known, meta):
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
            for key, value in identity.items():
                connection.execute(self._insert_new(meta), {"key": key, "value": value})

    def _checked_version(self) -> int:
        """The schema version, which this code knows. Raises InputError."""
        try:
            with self._engine.connect() as connection:
                found = {row.key: row.value for row in connection.execute(select(meta))}
        except DBAPIError:
            found = {}
        if found.get("format") != FORMAT:
            raise InputError(f"{self.location}: not a store of t2bench")
        readable = {str(number): number for number in range(min(STEPS), SCHEMA_VERSION + 1)}
        version = str(found.get(VERSION))
        if version not in readable:
            raise InputError(f"{self.location}: schema version {version}; must be {min(STEPS)} to {SCHEMA_VERSION}")
        return readable[version]

    def _insert_new(self, table: Table) -> Executable:
        """An insert that leaves a row alone that is there already."""
        return self._insert(table).on_conflict_do_nothing()

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(table)

    @contextlib.contextmanager
    def _one_line_errors(self, problem: str) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OverflowError) as error:
            raise InputError(f"{self.location}: {problem}: {reason(error)}") from None


def instance_columns(instance: Instance) -> dict[str, Any]:
    """The row of an instance: what it is, and all of it compressed."""
    return {
        "sha256": instance.sha256,
        "name": instance.name,
        "family": instance.family,
        "scenario_seed": instance.scenario_seed,
        "trace_seed": instance.trace_seed,
        "frames": instance.frames,
        "slots": instance.slots,
        "users": instance.users,
        "models": len(instance.models),
        "document": to_gzip(canonical_json(instance.document).encode()),
    }
