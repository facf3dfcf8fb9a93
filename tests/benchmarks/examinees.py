"""Solvers for the conformance kit: one that conforms, and others that each break one rule; named ``FILE.py:CLASS``."""

import ctypes
import os
import time
from dataclasses import dataclass, replace

from problems.instance import Instance
from problems.judge import judge
from problems.solution import Solution
from solvers.base import Budget, Capabilities, NotInstalled, Report, Silent, Solver, Unsuitable
from solvers.registry import make_solver
from tests.benchmarks.hostile import cloud

LONG_FRAMES = 5
"""The kit's own cases have fewer."""


@dataclass(frozen=True)
class Honest(Solver):
    """Everything in the cloud, and no claims; the base of the others."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities("online-model-free", honours_limits=True)

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        return cloud(instance)


@dataclass(frozen=True)
class WrongBound(Honest):
    """A bound just below its own cost, whatever the optimum is."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities("hindsight", gives_bound=True)

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        return cloud(instance, lower_bound=0.99 * judge(instance, cloud(instance)).cost)


@dataclass(frozen=True)
class Boaster(Honest):
    """Claims that whatever it finds is optimal."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities("hindsight", exact=True, gives_bound=True)

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        return cloud(instance, lower_bound=judge(instance, cloud(instance)).cost, status="optimal")


@dataclass(frozen=True)
class Unproved(Honest):
    """The optimum, but without the proof that it promises."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities("hindsight", exact=True)

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = make_solver("exhaustive").solve(instance, budget, Silent())
        return replace(solution, lower_bound=None, status="feasible")


@dataclass(frozen=True)
class NamesMatter(Honest):
    """Exact as long as the catalogue is in its usual order."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities("hindsight", exact=True, gives_bound=True)

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        usual = instance.models[0].name != "quick"
        return make_solver("exhaustive" if usual else "none").solve(instance, budget, report)


@dataclass(frozen=True)
class Restless(Honest):
    """Never twice the same."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = cloud(instance)
        return replace(solution, bandwidth=solution.bandwidth * (1 - os.urandom(1)[0] / 1024 - os.urandom(1)[0] / 4096))


@dataclass(frozen=True)
class Wasteful(Honest):
    """Twice the band."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = cloud(instance)
        return replace(solution, bandwidth=2 * solution.bandwidth)


@dataclass(frozen=True)
class Dawdler(Honest):
    """Ignores its time limit where there is much to do."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        if instance.frames >= LONG_FRAMES:
            time.sleep(3600.0)
        return cloud(instance)


@dataclass(frozen=True)
class Hangs(Honest):
    """Never returns."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        time.sleep(3600.0)
        return cloud(instance)


@dataclass(frozen=True)
class CrashesWhenIdle(Honest):
    """Takes the whole process down where nobody asks for anything."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        if instance.active_requests == 0:
            ctypes.string_at(0)
        return cloud(instance)


@dataclass(frozen=True)
class Picky(Honest):
    """Takes no deadline, or nothing at all."""

    takes_any: bool = True

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        if not self.takes_any or instance.system.couples_budgets:
            raise Unsuitable("takes no deadline")
        return cloud(instance)


@dataclass(frozen=True)
class Missing(Honest):
    """Needs what is not there."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        raise NotInstalled("pip install unobtainium")
