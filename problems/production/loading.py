"""How long a base model takes to load: the GenTD26 log of base model updates."""

from __future__ import annotations

from pathlib import Path

from problems.io.csv_table import numbers, read_table
from problems.io.errors import InputError
from problems.io.files import read_bytes

LATENCY_MS = "value"


def mean_loading_s(path: Path) -> float:
    """The mean loading time in seconds of a log whose column ``value`` holds milliseconds.

    Raises InputError, one line that names the file, the line, the column and what is allowed.
    """
    content = read_bytes(path)
    try:
        return float(numbers(read_table(content, (LATENCY_MS,)), LATENCY_MS).mean()) / 1000
    except InputError as error:
        raise error.within(str(path)) from None
