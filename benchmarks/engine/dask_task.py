"""What a Dask worker does with a cell: what this machine would do, in a process of its own, under the same limits."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache

from distributed import Worker, get_client, get_worker
from distributed.core import Status

from benchmarks.engine.execution import execute
from benchmarks.machine.code_version import code_version, harness_version
from benchmarks.matrix.cell import Cell
from benchmarks.process import launcher
from benchmarks.store.row import Row
from problems.io.errors import InputError

MOST_STARTS = 2
"""A cell is started so often, counting starts whose worker died; then it is given up."""
_ALIVE = (Status.running, Status.paused)


@dataclass(frozen=True, eq=False)
class Task:
    """A cell on its way to a worker."""

    cell: Cell
    run: str
    """Names the run of ``t2bench run`` that it belongs to."""
    solvers: tuple[str, ...]
    """All solvers of the run: the worker imports them once, for every cell."""
    harness: str
    """The sender's :func:`harness_version`."""
    starts: int = 0
    """How often it was started in vain before it was sent."""


def perform(task: Task) -> Row | None:
    """The cell's row; None if it may not be started once more.

    Raises InputError where this worker would not answer as the sender, and watch.Stopped when Dask takes the task back.
    """
    worker = get_worker()
    _check_agreement(task, worker.address)
    if not _may_start(task, str(worker.get_current_task())):
        return None
    _prepare_once(task.run, task.solvers)
    return execute(task.cell, _Revoked(worker))


def _check_agreement(task: Task, address: str) -> None:
    """Raises InputError unless code and instance are the sender's."""
    cell = task.cell
    if harness_version() != task.harness:
        raise InputError(
            f"worker {address}: its t2bench differs from the one here; install the same there and restart it"
        )
    if code_version(cell.solver) != cell.code_version:
        raise InputError(f"worker {address}: {cell.solver} is missing there or differs from the one here")
    if cell.recipe.instance().sha256 != cell.instance_sha256:
        raise InputError(
            f"worker {address}: samples another {cell.recipe.instance().name} than this machine; "
            "Python and NumPy must be of the same versions"
        )


def _may_start(task: Task, key: str) -> bool:
    """Count a start with the scheduler, which keeps the count while it knows the task; False for one too many."""
    client = get_client()
    starts = client.get_metadata([key], 0)
    if task.starts + starts >= MOST_STARTS:
        return False
    client.set_metadata([key], starts + 1)
    return True


@lru_cache(maxsize=8)
def _prepare_once(run: str, solvers: tuple[str, ...]) -> None:
    """Have the fork server import the solvers of a run, at the first of its cells."""
    launcher.prepare(solvers)


class _Revoked(threading.Event):
    """Set once Dask does not want the task of the thread that made it any more, or its worker is closing."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self._key = worker.get_current_task()

    def is_set(self) -> bool:
        task = self._worker.state.tasks.get(self._key)
        return task is None or task.state != "executing" or self._worker.status not in _ALIVE
