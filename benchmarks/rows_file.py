"""The rows of a store as one table in a file: CSV, or Parquet with pyarrow."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Boolean, Double, Integer
from sqlalchemy.types import TypeEngine

from benchmarks.schema import cells, instances
from benchmarks.store import Store
from problems import files
from problems.errors import InputError

SUFFIXES = (".csv", ".parquet")


def check_rows_file(path: Path) -> None:
    """Raise InputError unless rows can be written in the format that the path's suffix names."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path}: suffix {path.suffix!r}; must be {' or '.join(SUFFIXES)}")
    if path.suffix == ".parquet" and find_spec("pyarrow") is None:
        raise InputError(f"{path}: Parquet needs pyarrow, which is not installed; pip install 't2bench[parquet]'")


def write_rows(store: Store, path: Path) -> int:
    """Write all cells, oldest first, solutions left out; equal stores give byte-identical CSV.

    Returns how many rows there are. Raises InputError; then nothing is written.
    """
    check_rows_file(path)
    rows = typed(store.plain_rows())
    files.write_bytes(path, _csv(rows) if path.suffix == ".csv" else _parquet(rows))
    return len(rows)


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """:meth:`Store.plain_rows` with the types of the schema, also in columns without any value."""
    columns = {column.name: column.type for table in (instances, cells) for column in table.c}
    return rows.astype({name: _dtype(columns.get(name)) for name in rows.columns})


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
