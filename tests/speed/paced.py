"""Two solvers as slow as a file says: one works, one sleeps."""

from __future__ import annotations

import time
from abc import abstractmethod
from dataclasses import dataclass
from pathlib import Path

from problems.instance import Instance
from problems.solution import Solution
from solvers.base import Budget, Capabilities, Report, Solver
from solvers.registry import make_solver

_LOOPS, _SLEEP_S = 600_000, 0.04


@dataclass(frozen=True)
class _Paced(Solver):
    """The cloud for everybody, after a while."""

    pace: str
    """A file that holds a number: how many times as long as usual it takes."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(tier="online-model-free")

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        self._pass_time(float(Path(self.pace).read_text()))
        return make_solver("none+equal").solve(instance, budget, report)

    @abstractmethod
    def _pass_time(self, times: float) -> None: ...


@dataclass(frozen=True)
class Works(_Paced):
    """Counts."""

    def _pass_time(self, times: float) -> None:
        for _ in range(int(times * _LOOPS)):
            pass


@dataclass(frozen=True)
class Sleeps(_Paced):
    """Does nothing."""

    def _pass_time(self, times: float) -> None:
        time.sleep(times * _SLEEP_S)
