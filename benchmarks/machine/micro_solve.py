"""A small fixed computation, timed beside every solve: how fast the machine was just then.

It calls nothing of the product, so that it tells machines apart and never revisions.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

REPEATS = 5
_SIZE = 64
_LOOPS = 8_000


def micro_solve_s() -> float:
    """Processor seconds that the computation takes, about a millisecond: the median of a few.

    Not by the wall clock, which a busy machine may stop for longer than all of it takes.
    """
    return statistics.median(_timed() for _ in range(REPEATS))


def _timed() -> float:
    began = time.thread_time()
    _work()
    return time.thread_time() - began


def _work() -> float:
    """What solvers do: loops in Python, elementwise arithmetic, sorting and a matrix product, always the same."""
    grid = np.arange(1.0, _SIZE * _SIZE + 1).reshape(_SIZE, _SIZE)
    waves = np.log1p(np.sin(grid) ** 2)
    total = float((waves @ waves.T).trace() + np.sort(waves, axis=None)[::7].sum())
    for number in range(_LOOPS):
        total += number % 7 * 0.5
    return total
