"""Bad input, said in one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError


class InputError(ValueError):
    """Input that cannot be used; its text is one line: where, the value, what is allowed."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line
        """Of the file that the complaint is about, from 1; None where nobody knows."""

    def within(self, place: str) -> InputError:
        """The same complaint with the file (or other outer place) named in front, and its line where that is known."""
        return InputError(f"{place}: {self}" if self.line is None else f"{place}:{self.line}: {self}")


_STARTS_WITH_FIELD = re.compile(r"[a-z_]+(\[\d+\])?: ")

_ALLOWED = {
    "greater_than": "must be > {gt}",
    "greater_than_equal": "must be >= {ge}",
    "less_than": "must be < {lt}",
    "less_than_equal": "must be <= {le}",
    "finite_number": "must be a finite number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "literal_error": "must be {expected}",
    "model_type": "must be a mapping",
    "dict_type": "must be a mapping",
    "too_short": "needs at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
}


def from_validation(error: ValidationError) -> InputError:
    """Turn pydantic's first complaint into one line, such as ``system.cache_gb: -3.0; must be >= 0``.

    Further complaints are counted, not listed.
    """
    complaints = error.errors()
    first = complaints[0]
    place = field_path(first["loc"])
    context: dict[str, Any] = first.get("ctx", {})
    if first["type"] == "missing":
        line = f"{place}: missing; required"
    elif first["type"] == "extra_forbidden":
        line = f"{place}: not a known field"
    elif first["type"] == "value_error":
        line = _joined(place, str(context["error"]))
    else:
        allowed = _ALLOWED.get(first["type"])
        words = allowed.format(**context) if allowed else first["msg"].lower()
        line = f"{place}: {shorten(first['input'])}; {words}"
    if len(complaints) > 1:
        line += f" (and {len(complaints) - 1} more)"
    return InputError(line)


def _joined(place: str, complaint: str) -> str:
    """The complaint behind its place; ``steps_high: ...`` names a field of what stands at the place."""
    if not place:
        return complaint
    return f"{place}.{complaint}" if _STARTS_WITH_FIELD.match(complaint) else f"{place}: {complaint}"


def field_path(location: tuple[int | str, ...]) -> str:
    """``("models", 0, "size_gb")`` as ``models[0].size_gb``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def meant(word: str, known: Iterable[str]) -> str:
    """What stands between an unknown word and those that are allowed: ``; did you mean 'exhaustive'?``, or ``;``."""
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ";"


def shorten(value: object, width: int = 60) -> str:
    """A value's repr on one line, cut to ``width`` characters."""
    return shorten_text(" ".join(repr(value).split()), width)


def shorten_text(text: str, width: int = 60) -> str:
    """Text cut to ``width`` characters."""
    return text if len(text) <= width else text[: width - 3] + "..."
