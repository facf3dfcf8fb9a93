"""A store of 100,000 rows: to open it, to measure every cell against its references, and to report on it."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.engine.execution import execute
from benchmarks.matrix.matrix import Matrix
from benchmarks.store.store import Store
from reports.report import write_report
from reports.study.cells import COLUMNS
from reports.study.study import Study, study_of

ROWS = 100_000
SOLVERS = ("none", "lru", "static", "exhaustive")
REPETITIONS = 5
MOST_S = 10.0
"""Processor seconds, so that what else runs does not count."""
MOST_REPORT_S = 60.0
"""Of the process that writes the report and of those that draw its figures."""
LARGEST_PAGE = 6_000_000
"""Bytes."""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real rows of a few small instances, each again and again under other instances' names."""
    path = tmp_path_factory.mktemp("crowded") / "s.sqlite"
    asked = {
        "name": "few",
        "solvers": [{"name": name} for name in SOLVERS],
        "families": ["small"],
        "repetitions": REPETITIONS,
    }
    matrix = Matrix.model_validate({"format": "t2bench-matrix", "version": 1, **asked})
    with Store.open(path, create=True) as store:
        for cell in matrix.cells():
            store.add(execute(cell))
    with closing(sqlite3.connect(path)) as connection, connection:
        _repeat(connection, "instances", {"sha256", "name"})
        _repeat(connection, "cells", {"cell_id", "instance_sha256"})
    return path


def _repeat(connection: sqlite3.Connection, table: str, names: set[str]) -> None:
    """Each row again until there are enough, with a number after what tells one from another."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(f"{name} || '-' || n" if name in names else name for name in columns)
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {_copies()})"
    connection.execute(f"{numbers} INSERT INTO {table} SELECT {values} FROM {table}, numbers")


def _copies() -> int:
    return ROWS // (len(SOLVERS) * REPETITIONS) - 1


@pytest.mark.benchmark(timer=time.process_time)
def test_a_hundred_thousand_rows(crowded: Path, benchmark: BenchmarkFixture) -> None:
    def opened() -> Study:
        with Store.open(crowded) as store:
            return study_of(store.rows(*COLUMNS))

    study = benchmark.pedantic(opened, rounds=1, iterations=1)  # type: ignore[no-untyped-call]
    assert len(study.cells) == ROWS
    assert benchmark.stats is not None
    assert benchmark.stats.stats.min < MOST_S


def _with_children() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


@pytest.mark.benchmark(timer=_with_children)
def test_its_report(crowded: Path, benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    def reported() -> Path:
        with Store.open(crowded) as store:
            return write_report(store, tmp_path)

    page = benchmark.pedantic(reported, rounds=1, iterations=1)  # type: ignore[no-untyped-call]
    assert page.stat().st_size < LARGEST_PAGE
    assert benchmark.stats is not None
    assert benchmark.stats.stats.min < MOST_REPORT_S
