"""Assumptions as fields of a dataclass: each a value, its unit and what it is for, printed with what rests on it."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any


def named(value: float, unit: str, purpose: str) -> Any:
    """A field with this default."""
    return field(default=value, metadata={"unit": unit, "purpose": purpose})


def lines(values: Any) -> list[str]:
    """Name, value, unit and purpose of each field of a dataclass whose fields are :func:`named`."""
    return [
        f"{entry.name} {getattr(values, entry.name):.3g} {entry.metadata['unit']}".strip()
        + f": {entry.metadata['purpose']}"
        for entry in fields(values)
    ]
