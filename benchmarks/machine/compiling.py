"""A line on standard error when kernels are compiled, which takes a while and happens once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LINE = "t2bench: compiling kernels, once for this version of the code; up to half a minute"


@contextmanager
def compiling_announced() -> Iterator[Callable[[], bool]]:
    """Say so, once, if Numba compiles anything in here; what it finds in its cache it does not compile.

    Yields what tells whether it has compiled anything yet.
    """
    from numba.core import event

    class Announcer(event.Listener):
        said = False

        def on_start(self, event: event.Event) -> None:
            if not self.said:
                print(LINE, file=sys.stderr, flush=True)
            self.said = True

        def on_end(self, event: event.Event) -> None:
            """Nothing to say."""

    announcer = Announcer()
    with event.install_listener("numba:compile", announcer):
        yield lambda: announcer.said
