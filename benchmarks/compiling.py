"""A line on standard error when kernels are compiled, which takes a while and happens once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

LINE = "t2bench: compiling kernels, once for this version of the code; up to half a minute"


@contextmanager
def compiling_announced() -> Iterator[None]:
    """Say so, once, if Numba compiles anything in here; what it finds in its cache it does not compile."""
    from numba.core import event

    class Announcer(event.Listener):
        said = False

        def on_start(self, event: event.Event) -> None:
            if not self.said:
                print(LINE, file=sys.stderr, flush=True)
            self.said = True

        def on_end(self, event: event.Event) -> None:
            """Nothing to say."""

    with event.install_listener("numba:compile", Announcer()):
        yield
