"""Stores as earlier schema versions made them: their tables, written down once and never changed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.row import Row
from benchmarks.store import instance_columns

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
_CELLS = {1: _CELLS_1, 2: _CELLS_1 + _SINCE_2}


def older_store(path: Path, version: int, rows: Iterable[Row]) -> Path:
    """A store of these rows, as the code of that schema version kept them."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for statement in (_META, _INSTANCES, f"CREATE TABLE cells ({_CELLS[version]})"):
            connection.execute(statement)
        connection.execute("CREATE INDEX ix_cells_instance_sha256 ON cells (instance_sha256)")
        identity = [("format", "t2bench-store"), ("schema_version", str(version))]
        connection.executemany("INSERT INTO meta VALUES (?, ?)", identity)
        for row in rows:
            for table, values in (("instances", instance_columns(row.recipe.instance())), ("cells", row.cell)):
                names = columns_of(connection, table)
                marks = ", ".join(f":{name}" for name in names)
                connection.execute(f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({marks})", values)
    return path


def columns_of(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
