"""Stores of earlier schema versions brought up to date, a step a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Double,
    LargeBinary,
    String,
    Text,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.types import TypeEngine

from benchmarks.store.schema import VERSION, meta

_SINCE_2: dict[str, TypeEngine[Any]] = {
    "primal_dual_integral": Double(),
    "agent_sha256": Text(),
    "training_cpu_s": Double(),
    "environment_steps": BigInteger(),
    "updates": BigInteger(),
    "training_whole": Boolean(),
    "training_traces": Text(),
    "training_spent_s": Double(),
    "threads": Text(),
    "load_before": Double(),
    "load_after": Double(),
    "micro_solve_s": Double(),
}
_SINCE_3: dict[str, TypeEngine[Any]] = {"prices": LargeBinary(), "stalled_s": Double()}
_SINCE_4: dict[str, TypeEngine[Any]] = {"learning_curves": Text(), "waited_s": Double()}
_SINCE_5: dict[str, TypeEngine[Any]] = {"cpu_limit_s": Double()}
_SEEDS = {"instances": ("scenario_seed", "trace_seed"), "cells": ("seed",)}


def _from_1(connection: Connection) -> None:
    """Learners' costs, load, threads, the micro-solve; and the code version, which the first stores lacked."""
    _add_columns(connection, _SINCE_2)
    _add_columns(connection, {"code_version": String(12)}, " DEFAULT '' NOT NULL")


def _from_2(connection: Connection) -> None:
    """Prices of a bound without a solution, and how long work waited for a processor."""
    _add_columns(connection, _SINCE_3)


def _from_3(connection: Connection) -> None:
    """How agents fared in the course of their trainings, how long the solve itself waited, and seeds of 64 bits."""
    _add_columns(connection, _SINCE_4)
    if connection.dialect.name != "sqlite":  # whose integers have room for them
        for table, columns in _SEEDS.items():
            for column in columns:
                connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE BIGINT"))


def _from_4(connection: Connection) -> None:
    """Limits of processor time."""
    _add_columns(connection, _SINCE_5)


def _add_columns(connection: Connection, columns: dict[str, TypeEngine[Any]], rest: str = "") -> None:
    """Those of the columns that are not there yet."""
    present = {column["name"] for column in inspect(connection).get_columns("cells")}
    for name in sorted(columns.keys() - present):
        kind = columns[name].compile(connection.dialect)
        connection.execute(text(f"ALTER TABLE cells ADD COLUMN {name} {kind}{rest}"))


STEPS: dict[int, Callable[[Connection], None]] = {1: _from_1, 2: _from_2, 3: _from_3, 4: _from_4}
"""By the version that a step starts from; each leads to the next."""


def migrate(connection: Connection, wanted: int) -> None:
    """Take an older store to the schema version that is wanted, all steps or none, if nobody else has by now."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver would begin too late for what alters tables
    else:
        connection.execute(text("LOCK TABLE meta IN EXCLUSIVE MODE"))
    query = select(meta.c.value).where(meta.c.key == VERSION)
    version = int(connection.execute(query).scalar_one())
    for step in range(version, wanted):
        STEPS[step](connection)
    connection.execute(update(meta).where(meta.c.key == VERSION).values(value=str(max(version, wanted))))
