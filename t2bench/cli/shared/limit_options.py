"""Limits and numbers of jobs on the command line, for the verbs that run solvers."""

from __future__ import annotations

import argparse
import math
import sys

from benchmarks.machine.limits import MOST_CPU_S, MOST_MEMORY_GB


def time_limit(text: str) -> float:
    """Wall-clock seconds. Raises argparse.ArgumentTypeError."""
    return _positive(text, sys.float_info.max)


def memory_limit(text: str) -> float:
    """GB. Raises argparse.ArgumentTypeError."""
    return _positive(text, MOST_MEMORY_GB)


def cpu_limit(text: str) -> float:
    """Processor seconds. Raises argparse.ArgumentTypeError."""
    return _positive(text, MOST_CPU_S)


def _positive(text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= most:
        above = "" if most == sys.float_info.max else f" and <= {most:.15g}"
        raise argparse.ArgumentTypeError(f"{text}; must be a number > 0{above}")
    return value


def jobs_number(text: str) -> int:
    """How many cells run at once. Raises argparse.ArgumentTypeError."""
    try:
        jobs = int(text)
    except ValueError:
        jobs = 0
    if jobs < 1:
        raise argparse.ArgumentTypeError(f"{text}; must be a whole number >= 1")
    return jobs
