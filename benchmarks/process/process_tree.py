"""A process with all that it has started: its members, their processor time and their memory."""

from __future__ import annotations

from pathlib import Path

import psutil

from benchmarks.machine.limits import GB


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


def memory_gb(pid: int, shared_above_gb: float) -> float:
    """Resident memory of a process and all its descendants, in GB, shared libraries included.

    Pages that a fork shares would count once for each process; where the plain sum exceeds
    ``shared_above_gb``, several processes are measured again by their proportional shares.
    """
    members = tree(pid)
    total = sum(_resident(member) for member in members)
    if total > shared_above_gb * GB and len(members) > 1:
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
