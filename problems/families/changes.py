"""The names of families with changes.

``paper-cache-x0.5-steps-x2`` is ``paper`` with half the cache and twice the steps. Factors stand at the end of a
name, behind the sizes if there are any.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from problems.families.sizes import split
from problems.io.errors import InputError, shorten

LARGEST_FACTOR = 1000
_PLACES = 6
"""A factor has at most so many digits after the point."""


class Changes(NamedTuple):
    """By what factors a scenario differs from the one that its family has without them."""

    cache: float = 1.0
    """Of the cache's capacity C."""
    bandwidth: float = 1.0
    """Of both bands, W_u and W_d."""
    steps: float = 1.0
    """Of the step budget S, which stays a whole number and at least 1."""
    skew: float = 1.0
    """Of the Zipf exponent of every popularity state."""
    latency: float = 1.0
    """Of the weight of latency alpha."""


UNCHANGED = Changes()
_FACTOR = rf"-({'|'.join(Changes._fields)})-x(\d{{1,4}}(?:\.\d{{1,{_PLACES}}})?)"
_CHANGED = re.compile(rf"(.+?)((?:{_FACTOR})+)", flags=re.ASCII)
_MEANT_AS_CHANGED = re.compile(r"(.+?)-[a-z]+-x", flags=re.ASCII)


def split_changes(name: str) -> tuple[str, Changes]:
    """A family's name without its factors, sizes kept, and the factors.

    A name that states no factors, or one of them twice, is taken as it is.
    """
    found = _CHANGED.fullmatch(name)
    if found is None:
        return name, UNCHANGED
    stated = re.findall(_FACTOR, found[2])
    factors = {field: float(text) for field, text in stated}
    return (found[1], Changes(**factors)) if len(factors) == len(stated) else (name, UNCHANGED)


def join_changes(name: str, changes: Changes) -> str:
    """A family's name with factors behind it, in the order of :class:`Changes`; factors of 1 are left out.

    Raises InputError for a factor that has no name: below 0, above ``LARGEST_FACTOR`` or with too many digits.
    """
    parts = [f"-{field}-x{_text(field, value)}" for field, value in changes._asdict().items() if value != 1]
    return name + "".join(parts)


def _text(field: str, factor: float) -> str:
    if not (math.isfinite(factor) and 0 <= factor <= LARGEST_FACTOR and round(factor, _PLACES) == factor):
        allowed = f"must be a number from 0 to {LARGEST_FACTOR} with at most {_PLACES} digits after the point"
        raise InputError(f"{field}: {shorten(factor)}; {allowed}")
    return f"{factor:.{_PLACES}f}".rstrip("0").rstrip(".")


def plain_name(name: str) -> str:
    """The family that a name stands for, without sizes and factors."""
    return split(split_changes(name)[0])[0]


def meant_as_changed(name: str) -> str | None:
    """The plain name of the family that a name seems to put factors behind; None where it does not seem so."""
    found = _MEANT_AS_CHANGED.match(name)
    return None if found is None else plain_name(found[1])
