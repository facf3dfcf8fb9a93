"""What the operating system enforces on the process of a cell: memory, processor time, its death and that of all it
started.

Full strength on Linux. Elsewhere there is no adoption of orphans and no death with the parent: the
process group is killed, and a process that left it is not found.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import resource
import signal
import sys
from pathlib import Path

from benchmarks.machine.limits import GB

RESERVE_GB = 0.5
"""Address space that libraries may reserve without touching it: thread stacks, arenas."""
CPU_RESERVE_S = 1
"""Processor time beyond the limit after which the system itself ends a process."""

_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_MOST_KILLABLE = "1000"


def _prctl(option: int, value: int) -> None:
    if _LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def adopt_orphans() -> None:
    """From now on descendants whose parent dies become children of this process, whatever their session."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """Be killed when the process ``parent`` ends; at once if it has ended already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def die_first() -> None:
    """Where the machine runs out of memory, the kernel takes a cell and not the run."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_MOST_KILLABLE)


def limit_memory(limit_gb: float | None) -> None:
    """Refuse allocations of more than ``limit_gb`` and ``RESERVE_GB`` beyond what the process holds; no core dumps.

    Counts address space, touched or not: it stops at once what would outrun the watching of
    :func:`benchmarks.process.process_tree.memory_gb`, which is the limit proper.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limit_gb is not None:
        limit = _data_bytes() + int((limit_gb + RESERVE_GB) * GB)
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (_allowed(limit, hard), hard))


def lift_memory_limit() -> None:
    """Undo :func:`limit_memory`, so that a process whose allocations were refused can still report it."""
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def limit_cpu(limit_s: float | None) -> None:
    """Have the system end this process, and each that it starts, when it alone is ``CPU_RESERVE_S`` above the limit.

    A fence behind the watching of :func:`benchmarks.process.process_tree.cpu_s`, which is the limit proper and adds up
    all processes.
    A process that ignores the signal is killed a second later.
    """
    if limit_s is not None:
        limit = math.ceil(limit_s) + CPU_RESERVE_S
        hard = _allowed(limit + 1, resource.getrlimit(resource.RLIMIT_CPU)[1])
        resource.setrlimit(resource.RLIMIT_CPU, (_allowed(limit, hard), hard))


def _allowed(limit: int, hard: int) -> int:
    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)


def _data_bytes() -> int:
    if not _LINUX:
        return 0
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmData"].split()[0]) * 1024
