"""Work beside the one that asks for it: in a process of its own, while it goes on."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import sys
import tempfile
import weakref
from collections.abc import Callable
from typing import IO, Generic, TypeVar

from benchmarks.machine.provenance import cores

Result = TypeVar("Result")


class Beside(Generic[Result]):
    """A result that a copy of this process works out, if a processor is free for it; else it is worked out at once.

    The result must be one that can be pickled. Should the copy fail or be killed, the work is done again here, and what
    it raises is raised by :meth:`result`.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._found: list[Result] = []
        self._file: IO[bytes] | None = None
        busy = len(multiprocessing.active_children())
        if "fork" in multiprocessing.get_all_start_methods() and busy < cores() > 1:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the result, or when nobody wants it
            weakref.finalize(self, self._file.close)
            fork = multiprocessing.get_context("fork")
            self._process = fork.Process(target=_keep, args=(work, self._file), daemon=True)
            self._process.start()
        else:
            self._found.append(work())

    def result(self) -> Result:
        """Wait for it if need be."""
        if self._file is not None:
            self._process.join()
            with self._file as file:
                file.seek(0)
                self._found.append(pickle.load(file) if self._process.exitcode == 0 else self._work())
            self._file = None
        return self._found[0]


def _keep(work: Callable[[], object], file: IO[bytes]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        pickle.dump(work(), file)
        file.flush()
    except Exception:
        sys.exit(1)
