"""Which checks wait for ``make test-all``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def few(count: int, values: Sequence[Any]) -> list[Any]:
    """Values of one parameter, or tuples of several: the first ``count`` for every run, the others for the long one."""
    marks = [[] if place < count else [pytest.mark.slow] for place in range(len(values))]
    rows = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*row, marks=mark) for row, mark in zip(rows, marks, strict=True)]
