"""JSON objects, strictly: no repeated names, no NaN, and a header that says what they are."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from problems.io.errors import InputError, field_path, shorten, shorten_text


def parse_json(content: bytes) -> dict[str, Any]:
    """A JSON object. Raises InputError for syntax errors, repeated keys, NaN, infinities and overflowing numbers."""
    refused: list[str] = []
    repeated: list[str] = []

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        entries = dict(pairs)
        if len(entries) < len(pairs):
            repeated.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return entries

    def decimal(text: str) -> float:
        value = float(text)
        if not math.isfinite(value):
            refused.append(text)
        return value

    def whole(text: str) -> float:
        value = decimal(text)
        return int(text) if math.isfinite(value) else value

    try:
        document = json.loads(
            content, object_pairs_hook=mapping, parse_constant=decimal, parse_float=decimal, parse_int=whole
        )
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise InputError(f"not valid JSON: {error.msg.lower()} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise InputError("not valid JSON: nested too deeply") from None
    if not isinstance(document, dict):
        raise InputError(f"{shorten(document)}; must be a JSON object")
    if repeated:
        raise InputError(f"{shorten_text(repeated[0])}: stands twice in one object; names must differ")
    if refused:
        place = field_path(_first_infinite(document) or ())
        raise InputError(f"{place}: {shorten_text(refused[0])}; numbers must be finite")
    return document


def _first_infinite(value: Any) -> tuple[int | str, ...] | None:
    """The place of the first number that is not finite."""
    if isinstance(value, float) and not math.isfinite(value):
        return ()
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        place = _first_infinite(entry)
        if place is not None:
            return (key, *place)
    return None


def check_header(document: Mapping[str, Any], expected: str, versions: Sequence[int] = (1,)) -> None:
    """Raise InputError unless ``format`` is ``expected`` and ``version`` is one of ``versions``."""
    for field, allowed in (("format", (expected,)), ("version", versions)):
        words = " or ".join(map(repr, allowed))
        if field not in document:
            raise InputError(f"{field}: missing; must be {words}")
        if document[field] not in allowed or isinstance(document[field], bool):
            raise InputError(f"{field}: {shorten(document[field])}; must be {words}")
