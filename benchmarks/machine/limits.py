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

import psutil

GB = 10**9
RESERVE_GB = 0.5
"""Address space that libraries may reserve without touching it: thread stacks, arenas."""
CPU_RESERVE_S = 1
"""Processor time beyond the limit after which the system itself ends a process."""
MOST_MEMORY_GB, MOST_CPU_S = 10**6, 10**9
"""The largest limits: more is no limit, and the system's own numbers end not far above."""

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
"""Set to 1 before a library is imported, each keeps to one thread."""

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
    :func:`memory_gb`, which is the limit proper.
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

    A fence behind the watching of :func:`cpu_s`, which is the limit proper and adds up all processes.
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


def children(pid: int) -> list[int]:
    """The living children of a process; none if it is gone."""
    try:
        files = list(Path(f"/proc/{pid}/task").glob("*/children"))
        if files:
            return [int(word) for file in files for word in file.read_text().split()]
        return [child.pid for child in psutil.Process(pid).children()]
    except (OSError, psutil.Error):
        return []


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for member in found:
        found += [child for child in children(member) if child not in found]
    return found


def cpu_s(pid: int) -> float:
    """Processor seconds of a process and all its descendants, with those of the children that they have waited for.

    Never more than was used: of a child whose parent ignores its end, the system keeps nothing once it is gone.
    """
    return sum(_cpu_s(member) for member in tree(pid))


def _cpu_s(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def memory_gb(pid: int, worry_gb: float) -> float:
    """Resident memory of a process and all its descendants, in GB, shared libraries included.

    Pages that a fork shares would count once for each process; where the plain sum exceeds
    ``worry_gb``, several processes are measured again by their proportional shares.
    """
    members = tree(pid)
    total = sum(_resident(member) for member in members)
    if total > worry_gb * GB and len(members) > 1:
        total = sum(_proportional(member) for member in members)
    return total / GB


def _resident(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _proportional(pid: int) -> int:
    try:
        memory = psutil.Process(pid).memory_full_info()
        return int(getattr(memory, "pss", memory.uss))
    except psutil.Error:
        return 0
