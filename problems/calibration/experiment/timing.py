"""How long a generation takes: median of warm repetitions, one thread."""

from __future__ import annotations

import time
from statistics import median
from typing import NamedTuple

from torch import nn

from problems.calibration.experiment.digits import ink
from problems.calibration.experiment.sampling import Chain, sample

REPETITIONS = 3


class Seconds(NamedTuple):
    """Of one generation."""

    cpu: float
    """Of the thread that generates: waiting for a core is left out, slower caches on a busy machine are not."""
    wall: float
    """On a clock, whatever else the machine does."""


def generation_seconds(model: nn.Module, steps: int, chain: Chain, requests: int) -> Seconds:
    """From the wish to the finished pictures, for so many requests at once."""
    measured = []
    sample(model, min(steps, 2), chain, requests, seed=0)
    for repetition in range(REPETITIONS):
        wall, cpu = time.perf_counter(), time.thread_time()
        ink(sample(model, steps, chain, requests, seed=repetition)).numpy()
        measured.append(Seconds(time.thread_time() - cpu, time.perf_counter() - wall))
    return Seconds(*map(median, zip(*measured, strict=True)))
