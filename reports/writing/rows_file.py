"""The rows of a store as one table in a file: CSV, or Parquet with pyarrow."""

from __future__ import annotations

import io
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Boolean, Double, Integer
from sqlalchemy.types import TypeEngine

from benchmarks.references.of_store import newest, references_of
from benchmarks.store.integrals import Courses, primal_integral
from benchmarks.store.schema import cells, instances
from benchmarks.store.store import Store
from problems.io.errors import InputError
from problems.io.files import write_bytes

SUFFIXES = (".csv", ".parquet")


def check_rows_file(path: Path) -> None:
    """Raise InputError unless rows can be written in the format that the path's suffix names."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path}: suffix {path.suffix!r}; must be {' or '.join(SUFFIXES)}")
    if path.suffix == ".parquet" and find_spec("pyarrow") is None:
        raise InputError(f"{path}: Parquet needs pyarrow, which is not installed; pip install 't2bench[parquet]'")


def write_rows(store: Store, path: Path) -> int:
    """Write all cells, oldest first, solutions left out, with ``primal_integral``; equal stores give equal CSV bytes.

    Returns how many rows there are. Raises InputError; then nothing is written.
    """
    check_rows_file(path)
    plain = store.plain_rows()
    rows = typed(plain).assign(primal_integral=primal_integrals(plain))
    write_bytes(path, _csv(rows) if path.suffix == ".csv" else _parquet(rows))
    return len(rows)


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """:meth:`Store.plain_rows` with the types of the schema, also in columns without any value."""
    columns = {column.name: column.type for table in (instances, cells) for column in table.c}
    return rows.astype({name: _dtype(columns.get(name)) for name in rows.columns})


def primal_integrals(rows: pd.DataFrame) -> np.ndarray:
    """(R,) seconds: of each solve of :meth:`Store.plain_rows` the integral of its gap to the best cost that is known.

    NaN where none is known, or nothing was solved. What is known changes with every cell of an instance, so that no row
    can hold it.
    """
    references = references_of(newest(rows))
    best = rows["instance_sha256"].map({sha256: one.best_cost for sha256, one in references.items()}).astype(float)
    courses = Courses.of([json.loads(events or "[]") for events in rows["events"]])
    integrals = primal_integral(courses, best.to_numpy(), rows["solve_s"].astype(float).to_numpy())
    return np.where(best.isna(), np.nan, integrals)


def _dtype(kind: TypeEngine[Any] | None) -> str:
    match kind:
        case Boolean():
            return "boolean"
        case Integer():
            return "Int64"
        case Double():
            return "float64"
    return "string"


def _csv(rows: pd.DataFrame) -> bytes:
    return str(rows.to_csv(index=False, lineterminator="\n")).encode()


def _parquet(rows: pd.DataFrame) -> bytes:
    content = io.BytesIO()
    rows.to_parquet(content, engine="pyarrow", index=False)
    return content.getvalue()
