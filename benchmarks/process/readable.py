"""Waiting until something can be read."""

from __future__ import annotations

import math
import select
import socket
from collections.abc import Iterable

End = int | socket.socket


def readable(ends: Iterable[End], patience_s: float | None = None) -> set[End]:
    """Those of the descriptors and sockets that have something to read or were closed at their other end.

    Waits for the first of them, at most ``patience_s`` (None: for ever). As ``select.select``, but its descriptors
    end at 1023, and these may have any number.
    """
    by_number = {end if isinstance(end, int) else end.fileno(): end for end in ends}
    waiting = select.poll()
    for number in by_number:
        waiting.register(number, select.POLLIN)
    found = waiting.poll(None if patience_s is None else math.ceil(1000 * patience_s))
    return {by_number[number] for number, _ in found}
