"""A small study, as Python states it."""

from __future__ import annotations

from typing import Any

MATRIX: dict[str, Any] = {
    "name": "small-study",
    "solvers": ["none", "lru", {"name": "exhaustive", "label": "best"}],
    "families": ["tiny"],
    "trace_seeds": range(2),
}
