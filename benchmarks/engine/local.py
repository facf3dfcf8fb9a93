"""Where cells run."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol

from benchmarks.engine.execution import execute
from benchmarks.engine.schedule import Schedule
from benchmarks.machine.provenance import cores
from benchmarks.matrix.cell import Cell
from benchmarks.process import launcher
from benchmarks.store.row import Row
from problems.io.errors import InputError, shorten

LOCAL = "local"


class Engine(Protocol):
    """Runs cells somewhere."""

    def run(self, cells: Sequence[Cell]) -> Generator[Row]:
        """Exactly one row a cell, as they are done, in any order.

        Closing the iterator calls off what still runs; its cells have no row.
        """
        ...


@dataclass(frozen=True)
class LocalEngine:
    """Runs ``jobs`` cells at once on this machine, each in a process of its own."""

    jobs: int = 1

    def run(self, cells: Sequence[Cell]) -> Generator[Row]:
        """See :meth:`Engine.run`. Raises InputError where processes cannot be forked."""
        launcher.prepare({cell.solver for cell in cells})
        stop = threading.Event()
        schedule = Schedule(cells)
        running: dict[Future[Row], Cell] = {}
        with ThreadPoolExecutor(self.jobs, "cell") as pool:
            try:
                rows: list[Row] = []
                while True:
                    # One more than can run, so that no job waits while a row is being stored.
                    while len(running) <= self.jobs and (cell := schedule.next()):
                        running[pool.submit(execute, cell, stop)] = cell
                    yield from rows
                    if not running:
                        break
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    rows = [future.result() for future in done]
                    for future in done:
                        schedule.ended(running.pop(future))
            finally:
                stop.set()
                pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def engine_at(place: str, jobs: int | None = None) -> Iterator[Engine]:
    """The engine that runs cells here (``local``) or on the Dask cluster whose scheduler has the address ``place``.

    ``jobs`` cells at once; by default :func:`default_jobs` here, all threads of a cluster's workers there.
    Raises InputError: no address, no scheduler there, Dask is not installed; a system that cannot fork processes.
    """
    if place == LOCAL:
        launcher.check_forking()
        yield LocalEngine(jobs or default_jobs())
        return
    if "://" not in place:
        raise InputError(f"--engine: {shorten(place)}; must be local or a Dask scheduler's address, tcp://HOST:PORT")
    try:
        from benchmarks.engine.dask import DaskEngine
    except ModuleNotFoundError:
        raise InputError(f"--engine {place}: not installed: pip install 't2bench[dask]'") from None
    with DaskEngine.connected(place, jobs) as engine:
        yield engine


def default_jobs() -> int:
    """All processors but one, which judges and stores."""
    return max(1, cores() - 1)
