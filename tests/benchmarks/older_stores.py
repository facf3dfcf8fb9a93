"""Stores as earlier schema versions made them: their tables, written down once and never changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from benchmarks.store.database import connect
from benchmarks.store.row import Row
from benchmarks.store.store import instance_columns

_META = "CREATE TABLE meta (key VARCHAR(32) NOT NULL PRIMARY KEY, value TEXT NOT NULL)"
_INSTANCES = """CREATE TABLE instances (
    sha256 VARCHAR(64) NOT NULL PRIMARY KEY, name TEXT NOT NULL, family TEXT, scenario_seed INTEGER, trace_seed INTEGER,
    frames INTEGER NOT NULL, slots INTEGER NOT NULL, users INTEGER NOT NULL, models INTEGER NOT NULL,
    document BLOB NOT NULL)"""
_CELLS_1 = """
    cell_id VARCHAR(64) NOT NULL PRIMARY KEY, matrix TEXT NOT NULL, label TEXT NOT NULL, solver TEXT NOT NULL,
    settings TEXT NOT NULL, code_version VARCHAR(12) NOT NULL,
    instance_sha256 VARCHAR(64) NOT NULL REFERENCES instances (sha256), repetition INTEGER NOT NULL,
    seed INTEGER NOT NULL, time_limit_s DOUBLE, memory_limit_gb DOUBLE, tier TEXT, exact BOOLEAN, status TEXT NOT NULL,
    exit_code INTEGER, signal INTEGER, error TEXT, stderr_tail TEXT, violations TEXT NOT NULL, cost DOUBLE,
    utility DOUBLE, mean_latency_s DOUBLE, mean_tv DOUBLE, hit_ratio DOUBLE, edge_served_ratio DOUBLE,
    late_ratio DOUBLE, loaded_gb DOUBLE, latency_cost DOUBLE, quality_cost DOUBLE, late_cost DOUBLE,
    loading_cost DOUBLE, active_requests INTEGER, lower_bound DOUBLE, proved BOOLEAN NOT NULL, solve_s DOUBLE,
    cpu_s DOUBLE, peak_memory_gb DOUBLE, wall_s DOUBLE NOT NULL, events TEXT NOT NULL, solution BLOB,
    started_at TEXT NOT NULL, processor TEXT, cores INTEGER, python TEXT, t2bench_version TEXT, libraries TEXT,
    git_revision TEXT, command TEXT NOT NULL"""
_SINCE_2 = """,
    primal_dual_integral DOUBLE, agent_sha256 TEXT, training_cpu_s DOUBLE, environment_steps BIGINT, updates BIGINT,
    training_whole BOOLEAN, training_traces TEXT, training_spent_s DOUBLE, threads TEXT, load_before DOUBLE,
    load_after DOUBLE, micro_solve_s DOUBLE"""
_SINCE_3 = ", prices BLOB, stalled_s DOUBLE"
_SINCE_4 = ", learning_curves TEXT, waited_s DOUBLE"
_CELLS = {
    1: _CELLS_1,
    2: _CELLS_1 + _SINCE_2,
    3: _CELLS_1 + _SINCE_2 + _SINCE_3,
    4: _CELLS_1 + _SINCE_2 + _SINCE_3 + _SINCE_4,
}
_LONG_SEEDS = 4
"""The first version whose seeds have 64 bits everywhere."""

_POSTGRESQL = {"DOUBLE": "DOUBLE PRECISION", "BLOB": "BYTEA"}
"""What SQLite's words for types are there."""


def older_store(location: str | Path, version: int, rows: Iterable[Row]) -> str | Path:
    """A store of these rows, as the code of that schema version kept them."""
    with _connection(location) as connection:
        for statement in _tables(version):
            connection.exec_driver_sql(_spoken(statement, connection.dialect.name))
        connection.exec_driver_sql("CREATE INDEX ix_cells_instance_sha256 ON cells (instance_sha256)")
        for key, value in (("format", "t2bench-store"), ("schema_version", str(version))):
            connection.execute(text("INSERT INTO meta VALUES (:key, :value)"), {"key": key, "value": value})
        for row in rows:
            for table, values in (("instances", instance_columns(row.recipe.instance())), ("cells", row.cell)):
                names = sorted(_columns(connection, table))
                marks = ", ".join(f":{name}" for name in names)
                insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}) ON CONFLICT DO NOTHING"
                connection.execute(text(insert), {name: values[name] for name in names})
    return location


def version_of(location: str | Path) -> tuple[str, set[str]]:
    """A store's schema version, and its columns of cells."""
    with _connection(location) as connection:
        version = connection.execute(text("SELECT value FROM meta WHERE key = 'schema_version'")).scalar_one()
        return version, _columns(connection, "cells")


@contextmanager
def _connection(location: str | Path) -> Iterator[Connection]:
    engine = connect(location, create=True)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _tables(version: int) -> list[str]:
    seeds = "INTEGER" if version < _LONG_SEEDS else "BIGINT"
    tables = _META, _INSTANCES, f"CREATE TABLE cells ({_CELLS[version]})"
    return [table.replace("seed INTEGER", f"seed {seeds}") for table in tables]


def _spoken(statement: str, dialect: str) -> str:
    words = _POSTGRESQL if dialect == "postgresql" else {}
    for word, other in words.items():
        statement = re.sub(rf"\b{word}\b", other, statement)
    return statement


def _columns(connection: Connection, table: str) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns(table)}
