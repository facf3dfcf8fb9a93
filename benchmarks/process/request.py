"""What the process of a cell is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from problems.instance import Instance
from problems.solution import Solution


@dataclass(frozen=True, eq=False)
class Request:
    """One solve: a solver by name on an instance, under limits; None is no limit."""

    instance: Instance
    solver: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    time_limit_s: float | None = None
    """Wall-clock seconds."""
    memory_limit_gb: float | None = None
    """Resident memory of all its processes, libraries included; 1 GB = 10^9 bytes."""
    cpu_limit_s: float | None = None
    """Processor seconds of all its processes, from the start of the first."""
    start: Solution | None = None
    """What to improve on, for solvers that take a start."""
    folder: str = field(default_factory=os.getcwd)
    """Where relative paths in the name and the settings begin."""
