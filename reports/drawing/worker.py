"""A process that works while this one goes on: figures take long to draw."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable
from typing import IO, Generic, TypeVar

from benchmarks.machine.provenance import cores

Result = TypeVar("Result")


class Worker(Generic[Result]):
    """Works out a result in a copy of this process, if a processor is free for it; else at once, in this one.

    A process with threads, such as a notebook's, is not copied: a lock that another thread holds would stay locked in
    the copy. The result must be one that can be pickled. Should the copy fail or be killed, the work is done again
    here, and what it raises is raised by :meth:`result`.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self._results: list[Result] = []
        self._file: IO[bytes] | None = None
        if _can_be_copied() and len(multiprocessing.active_children()) < cores() > 1:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the result, or when nobody wants it
            weakref.finalize(self, self._file.close)
            fork = multiprocessing.get_context("fork")
            self._process = fork.Process(target=_write_result, args=(work, self._file), daemon=True)
            self._process.start()
        else:
            self._results.append(work())

    def result(self) -> Result:
        """Wait for it if need be."""
        if self._file is not None:
            self._process.join()
            with self._file as file:
                file.seek(0)
                self._results.append(pickle.load(file) if self._process.exitcode == 0 else self._work())
            self._file = None
        return self._results[0]


def _can_be_copied() -> bool:
    return "fork" in multiprocessing.get_all_start_methods() and threading.active_count() == 1


def _write_result(work: Callable[[], object], file: IO[bytes]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        pickle.dump(work(), file)
        file.flush()
    except Exception:
        sys.exit(1)
