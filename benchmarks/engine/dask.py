"""Cells on an existing Dask cluster: sent a few at a time, each started at most twice, rows back as they are done."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import pickle
import queue
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from distributed import Client, Future, KilledWorker, Security
from distributed.comm import connect

from benchmarks.engine.dask_task import MOST_STARTS, Task, perform
from benchmarks.engine.execution import lost_row
from benchmarks.engine.schedule import Schedule
from benchmarks.machine.code_version import harness_version
from benchmarks.matrix.cell import Cell
from benchmarks.process.watch import Stopped
from benchmarks.store.row import Row
from problems.io.errors import InputError

_CONNECT_S = 15.0
_CLOSE_S = 2.0
_LOOK_S = 1.0
"""How often the cluster is asked for its size."""
_SURPLUS = 0.25
"""Cells sent beyond one a thread, as a share: no thread waits for the next, and few wait in vain for a dying worker."""


@dataclass(frozen=True, eq=False)
class DaskEngine:
    """Runs cells on the workers of a Dask cluster, at most one in each of their threads."""

    address: str
    client: Client
    jobs: int | None = None
    """At most so many cells at once; None for as many as there are threads."""

    @classmethod
    @contextlib.contextmanager
    def connected(cls, address: str, jobs: int | None = None) -> Iterator[DaskEngine]:
        """An engine for the cluster whose scheduler is at ``address``. Raises InputError if none answers."""
        logging.disable()  # Dask's own log would say in many lines what the engine says in one.
        try:
            try:
                asyncio.run(_reach(address))
                client = Client(address, timeout=_CONNECT_S, set_as_default=False)
            except TimeoutError:
                raise InputError(f"--engine {address}: no Dask scheduler answers within {_CONNECT_S:g} s") from None
            except Exception as error:
                raise InputError(f"--engine {address}: no Dask scheduler answers: {_words(error)}") from None
            try:
                yield cls(address, client, jobs)
            finally:
                client.close(_CLOSE_S)
        finally:
            logging.disable(logging.NOTSET)

    def run(self, cells: Sequence[Cell]) -> Generator[Row]:
        """See :meth:`benchmarks.engine.local.Engine.run`.

        Raises InputError when the scheduler is lost, and when a worker would answer otherwise than this machine.
        """
        schedule, task_for, again = Schedule(cells), _tasks(cells), deque[Task]()
        sent, capacity = _Sent(self.client), _Capacity(self.client, self.jobs)
        try:
            while schedule or again or sent:
                with self._one_line_errors():
                    while len(sent) < capacity.size():
                        if again:
                            sent.add(again.popleft())
                        elif cell := schedule.next():
                            sent.add(task_for(cell))
                        else:
                            break
                    done = sent.next_done()
                    answer = None if done is None else self._answer(*done)
                if isinstance(answer, Task):
                    again.append(answer)
                elif answer is not None and done is not None:
                    schedule.ended(done[0].cell)
                    yield answer
        finally:
            sent.call_off()

    def _answer(self, task: Task, future: Future) -> Row | Task:
        """The row of a cell that is done with, or the task that is to be sent again."""
        cell = task.cell
        try:
            row: Row | None = future.result()
        except (KilledWorker, Stopped):  # Dask gave it up, or it was on a worker that was closing.
            starts = task.starts + max(1, self.client.get_metadata([future.key], 0))
            if starts < MOST_STARTS:
                return replace(task, starts=starts)
            row = None
        return row or lost_row(cell, f"started {MOST_STARTS} times, and each time its Dask worker died")

    @contextlib.contextmanager
    def _one_line_errors(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            raise
        except Exception as error:
            what = _words(error) if self.client.status == "running" else "the scheduler was lost"
            raise InputError(f"{self.address}: {what}; what was finished is kept, --resume runs the rest") from None


async def _reach(address: str) -> None:
    """Raises an exception where a client could not connect: it would also hang when the process ends."""
    async with asyncio.timeout(_CONNECT_S):
        comm = await connect(address, **Security().get_connection_args("client"))
        await comm.close()


class _Sent:
    """The cells that are with the cluster."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._perform = _performer()
        self._tasks: dict[str, tuple[Task, Future]] = {}
        self._done: queue.SimpleQueue[Future] = queue.SimpleQueue()

    def __len__(self) -> int:
        return len(self._tasks)

    def add(self, task: Task) -> None:
        """Send one more."""
        key = f"t2bench-{task.run}-{task.cell.cell_id}-{task.starts}"
        future = self._client.submit(self._perform, pickle.dumps((perform, task)), key=key, pure=False)
        self._tasks[key] = task, future
        future.add_done_callback(self._done.put)

    def next_done(self) -> tuple[Task, Future] | None:
        """One that is done; None if none is before long."""
        try:
            return self._tasks.pop(self._done.get(timeout=_LOOK_S).key)
        except queue.Empty:
            return None

    def call_off(self) -> None:
        """Take back what is not done; the workers end its processes."""
        if self._tasks:
            with contextlib.suppress(Exception):
                self._client.cancel([future for _, future in self._tasks.values()], force=True)


def _performer() -> Callable[[bytes], Row | None]:
    """A function that travels by value, as every inner one does: Dask would stop a worker that cannot import it."""

    def perform_pickled(content: bytes) -> Row | None:
        import pickle

        from distributed import get_worker

        try:
            function, task = pickle.loads(content)
        except Exception as error:
            place = f"worker {get_worker().address}"
            raise RuntimeError(f"{place}: cannot load t2bench ({error}); install the same there as here") from None
        row: Row | None = function(task)
        return row

    return perform_pickled


class _Capacity:
    """How many cells may be with a cluster at once."""

    def __init__(self, client: Client, jobs: int | None) -> None:
        self._client = client
        self._jobs = math.inf if jobs is None else jobs
        self._size = 0.0
        self._next_look = -math.inf
        self._warned = False

    def size(self) -> float:
        """From the threads that the cluster has now, or had a moment ago."""
        if time.monotonic() >= self._next_look:
            threads = sum(self._client.nthreads().values())
            if not threads and not self._warned:
                print("t2bench: the cluster has no worker yet; waiting", file=sys.stderr, flush=True)
                self._warned = True
            self._size = min(self._jobs, threads + max(1, math.ceil(_SURPLUS * threads)))
            self._next_look = time.monotonic() + _LOOK_S
        return self._size


def _tasks(cells: Sequence[Cell]) -> Callable[[Cell], Task]:
    run, harness = uuid4().hex[:12], harness_version()
    solvers = tuple(sorted({cell.solver for cell in cells}))
    return lambda cell: Task(cell, run, solvers, harness)


def _words(error: Exception) -> str:
    """The error's words on one line."""
    return " ".join(str(error).split()) or type(error).__name__
