"""The names of families in other sizes.

``paper-m20-n10-k10-t1`` is ``paper`` with 20 models, 10 users, 10 slots a frame and 1 frame.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SIZED = re.compile(r"(.+)-m([1-9]\d{0,8})-n([1-9]\d{0,8})-k([1-9]\d{0,8})-t([1-9]\d{0,8})", flags=re.ASCII)
LARGEST_SIZE = 100_000
"""The most models, users, slots or frames that a family can be asked for."""


class Sizes(NamedTuple):
    """How large an instance is."""

    models: int
    """M."""
    users: int
    """N."""
    slots: int
    """K, slots a frame."""
    frames: int
    """T."""


def join(family: str, sizes: Sizes) -> str:
    """The name of a family in these sizes."""
    return f"{family}-m{sizes.models}-n{sizes.users}-k{sizes.slots}-t{sizes.frames}"


def split(name: str) -> tuple[str, Sizes | None]:
    """The family that a name stands for and the sizes that it states; a plain name states none."""
    found = _SIZED.fullmatch(name)
    return (name, None) if found is None else (found[1], Sizes(*map(int, found.groups()[1:])))
