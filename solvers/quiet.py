"""Libraries that print when they were not asked to."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def standard_output_dropped() -> Iterator[None]:
    """Send what is written to standard output, by C code too, nowhere."""
    with _dropped(1):
        yield


@contextmanager
def printing_dropped() -> Iterator[None]:
    """The same for standard output and standard error."""
    with _dropped(1), _dropped(2):
        yield


@contextmanager
def _dropped(descriptor: int) -> Iterator[None]:
    sys.stdout.flush()
    sys.stderr.flush()
    kept, nowhere = os.dup(descriptor), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, descriptor)
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept, descriptor)
        os.close(kept)
        os.close(nowhere)
