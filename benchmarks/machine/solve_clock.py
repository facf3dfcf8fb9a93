"""What a solve takes: time by the wall clock, processor time, and the time that it waited for a processor."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Self

_OTHERS_SHARE, _OTHERS_S = 0.01, 0.001
"""Other threads and processes that used no more than this, a share of all and seconds, did none of the work."""


@dataclass(frozen=True)
class SolveClock:
    """The readings when a solve began; read in the thread that solves, at both ends."""

    stalled_s: float | None
    waited_s: float | None
    thread_cpu_s: float
    cpu_s: float
    wall_s: float
    """``time.monotonic()``, read last: what the other readings take is no part of the solve."""

    @classmethod
    def now(cls) -> Self:
        """The readings of this moment."""
        return cls(_stalled_s(), _waited_s(), time.thread_time(), _cpu_s(), time.monotonic())

    def used(self) -> dict[str, float | None]:
        """The columns ``solve_s``, ``cpu_s``, ``stalled_s`` and ``waited_s`` of a row, from the beginning until now.

        The waiting of others than this thread is not known: where they did part of the work, ``waited_s`` is None.
        """
        solve_s, cpu_s = time.monotonic() - self.wall_s, _cpu_s() - self.cpu_s
        others_s = cpu_s - (time.thread_time() - self.thread_cpu_s)
        alone = others_s <= max(_OTHERS_SHARE * cpu_s, _OTHERS_S)
        return {
            "solve_s": solve_s,
            "cpu_s": cpu_s,
            "stalled_s": _difference(self.stalled_s, _stalled_s()),
            "waited_s": _difference(self.waited_s, _waited_s()) if alone else None,
        }


def _cpu_s() -> float:
    """Processor time of this process and of all children that it waited for; without them where no system says."""
    try:
        import resource
    except ImportError:  # as on Windows
        return time.process_time()
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _stalled_s() -> float | None:
    """Seconds in which any work on this machine waited for a processor: Linux's pressure stall information."""
    try:
        with open("/proc/pressure/cpu") as file:
            return int(file.readline().rpartition("total=")[2]) / 1e6
    except (OSError, ValueError):
        return None


def _waited_s() -> float | None:
    """Seconds in which this thread was ready to run and had no processor: Linux's scheduler statistics."""
    try:
        with open("/proc/thread-self/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return None


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
