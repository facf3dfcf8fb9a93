"""What the fork server does once, so that no cell has to, and none pays for it in its solve time."""

from __future__ import annotations

import contextlib
import gc
import importlib
from collections.abc import Iterable

import numpy as np

from problems.episode import slots_of
from problems.families.named import family_scenario
from problems.families.sampling import sample_instance
from solvers import kernel
from solvers.base import Budget, Silent
from solvers.file_parts import is_in_file
from solvers.registry import find_part, make_solver
from solvers.slot.late_bandwidth import late_bandwidth

_ALWAYS = ("numpy.linalg", "numpy.random", "scipy.optimize")
_REHEARSALS = (("none", "tiny"), ("exhaustive", "tiny"), ("branch-and-bound", "tiny"), ("branch-and-bound", "deadline"))
"""Solver and family. With :func:`_split_late_bandwidth` they call every compiled kernel; they start no thread, which a
fork would lose."""


def preload(solvers: Iterable[str]) -> bool:
    """Import the modules that every cell needs and those of the named solvers, and load compiled kernels.

    True if some had to be compiled: this process then holds the compiler's memory, which every fork would pay for.

    A part whose libraries are too heavy to be imported with it names them in ``imports``. What fails here fails
    again in the cell, which reports it. Solvers in a ``FILE.py`` are left alone: their import may do anything, and
    only a cell is guarded against that.
    """
    for module in _ALWAYS:
        importlib.import_module(module)
    for name in solvers:
        if not is_in_file(name):
            for part in name.split("+"):
                with contextlib.suppress(Exception):
                    for module in getattr(find_part(part), "imports", ()):
                        importlib.import_module(module)
    for name, family in _REHEARSALS:
        with contextlib.suppress(Exception):
            instance = sample_instance(family_scenario(family, 0), 0)
            make_solver(name).solve(instance, Budget(time_limit_s=60.0), Silent())
    with contextlib.suppress(Exception):
        _split_late_bandwidth()
    gc.collect()
    gc.freeze()
    return kernel.compiled()


def _split_late_bandwidth() -> None:
    """What the solvers that start threads call once their steps are fixed."""
    instance = sample_instance(family_scenario("deadline", 0), 0)
    slots = slots_of(instance, np.zeros((instance.frames, len(instance.models)), dtype=bool))
    late_bandwidth(slots, np.zeros(slots.request.shape))
