"""A CSV file as a table of texts, and complaints that name its line and column."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import NoReturn

import numpy as np
import pandas as pd

from problems.io.errors import InputError, shorten

MOST = 1e15
"""Greater numbers are mistakes, and overflow where they are squared or multiplied."""
FIRST_LINE = 2
"""Line of the first row: the header is line 1."""


def read_table(content: bytes, required: Iterable[str]) -> pd.DataFrame:
    """The rows as texts without space at their ends, under the names that the header gives.

    Raises InputError for what is no CSV, a column of ``required`` that is missing, and a table without rows.
    """
    try:
        table = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False, skip_blank_lines=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise InputError(f"not valid CSV: {' '.join(str(error).split())}") from None
    table = table.rename(columns=lambda name: str(name).strip())
    for column in required:
        if column not in table:
            raise InputError(f"column {column}: missing; required")
    if table.empty:
        raise InputError("no rows; needs at least one")
    return table.apply(lambda column: column.str.strip())


def numbers(table: pd.DataFrame, column: str, unless: np.ndarray | None = None) -> np.ndarray:
    """A column as numbers > 0, at most ``MOST``; NaN in the rows of the mask ``unless``, whatever stands there."""
    values = pd.to_numeric(table[column], errors="coerce").to_numpy(dtype=float)
    skipped = np.zeros(len(values), dtype=bool) if unless is None else unless
    wrong = ~((values > 0) & (values <= MOST)) & ~skipped
    if wrong.any():
        refuse(table, column, wrong, f"must be a number > 0 and <= {MOST:g}")
    return np.where(skipped, np.nan, values)


def refuse(table: pd.DataFrame, column: str, wrong: np.ndarray, allowed: str) -> NoReturn:
    """Raise InputError for the first row that is wrong: its line, the column, the value and what is allowed."""
    row = int(np.argmax(wrong))
    raise InputError(f"line {row + FIRST_LINE}, column {column}: {shorten(table[column].iloc[row])}; {allowed}")
