"""Which checks wait for ``make test-all``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def few(count: int, values: Iterable[Any]) -> list[Any]:
    """The values of one parameter: the first ``count`` are for every run of the tests, the others for the long one."""
    return [
        pytest.param(value, marks=[pytest.mark.slow] if place >= count else []) for place, value in enumerate(values)
    ]
