"""One cell: a solver on an instance, in a process of its own, with an outcome whatever happens."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from benchmarks.process.conclusion import Ending, conclude
from benchmarks.process.launcher import launch
from benchmarks.process.outcome import Outcome
from benchmarks.process.transcript import Transcript
from benchmarks.process.watch import Watch
from benchmarks.process.worker import Request
from problems.instance import Instance
from problems.solution import Solution


def run_cell(
    instance: Instance,
    solver_name: str,
    settings: Mapping[str, Any],
    seed: int,
    time_limit_s: float | None,
    memory_limit_gb: float | None,
    cpu_limit_s: float | None = None,
    start: Solution | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Solve ``instance`` in a process of its own, within hard limits, and judge the answer here.

    The solver is told its limits of time and memory. The process, with all that it starts, is killed
    a grace after the time limit (``watch.GRACE_S`` and ``watch.GRACE_SHARE``), when its resident
    memory, libraries included, reaches the memory limit (1 GB = 10^9 bytes), and when all of it has
    used the processor seconds of the CPU limit, counted from the start of the process. What it
    streamed before stays in the outcome. None is no limit. ``start`` is for solvers that take one.
    Raises watch.Stopped, soon, once ``stop`` is set.
    """
    request = Request(
        instance=_bare(instance),
        solver=solver_name,
        settings=dict(settings),
        seed=seed,
        time_limit_s=time_limit_s,
        memory_limit_gb=memory_limit_gb,
        cpu_limit_s=cpu_limit_s,
        folder=os.getcwd(),
        start=start,
    )
    said = Transcript(instance)
    try:
        launched = launch(request)
    except OSError as error:
        return conclude(instance, solver_name, said, Ending("lost", f"no process could be started: {error}"))
    try:
        ending = Watch(launched, request, said).until_gone(stop)
    finally:
        launched.close()
    return conclude(instance, solver_name, said, ending)


def _bare(instance: Instance) -> Instance:
    """The instance without what can be derived from it, except its hash: less to send."""
    bare = replace(instance)
    bare.__dict__["sha256"] = instance.sha256
    return bare
