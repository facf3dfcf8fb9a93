"""Figures and texts in few characters, for data inside a page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

DIGITS = 6
"""Significant digits of a figure on the page; the files beside it have all."""


def compact(value: float, digits: int = DIGITS) -> float | int | None:
    """The number with so many significant digits; None where it is missing or infinite."""
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def compacted(values: Iterable[float], digits: int = DIGITS) -> list[float | int | None]:
    """Many of them."""
    return [compact(float(value), digits) for value in values]


def whole(value: Any) -> int | None:
    """A whole number; None where it is missing."""
    return None if pd.isna(value) else int(value)


def script_json(data: Any) -> str:
    """JSON that is safe inside a ``script`` element: no text in it can end the element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


class Pool:
    """Texts that occur often, each kept once; a text is its place."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """Where the text stands; it is added if it is new."""
        return self._places.setdefault(text, len(self._places))

    @property
    def texts(self) -> list[str]:
        """All texts by place."""
        return list(self._places)
