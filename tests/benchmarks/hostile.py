"""Solvers that do what no solver should, and a few that behave; named ``FILE.py:CLASS``."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from problems.certificates.bound import certified_bound
from problems.episode import slots_of
from problems.equal_split import equal_split
from problems.instance import Instance
from problems.judge import judge
from problems.prices import Prices
from problems.solution import Solution
from solvers.base import Budget, Capabilities, Learnt, NotInstalled, Report, Solver, Unsuitable
from solvers.learning_curve import CurvePoint, LearningCurve

FOREVER_S = 3600.0


def cloud(instance: Instance, **claims: Any) -> Solution:
    """Everything in the cloud, the band in equal shares."""
    cache = np.zeros((instance.frames, len(instance.models)), dtype=bool)
    slots = slots_of(instance, cache)
    bandwidth, steps = equal_split(slots.request, slots.cached, instance.catalogue, instance.system.step_budget)
    shape = instance.trace.request.shape
    return Solution(cache, bandwidth.reshape(shape), steps.reshape(shape), **claims)


@dataclass(frozen=True)
class Polite(Solver):
    """Answers at once with the cloud; the base of all others here."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(tier="hindsight", gives_bound=True)

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        return cloud(instance)


@dataclass(frozen=True)
class Slow(Polite):
    """Answers after a while; says so in a file, so that runs can be counted."""

    seconds: float = 0.1
    diary: str = ""
    parent: bool = False
    """Whether the process named last is its parent."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        if self.diary:
            with open(self.diary, "a") as file:
                pid = os.getppid() if self.parent else os.getpid()
                file.write(f"{instance.name} {budget.seed} {pid}\n")
        time.sleep(self.seconds)
        return cloud(instance)


@dataclass(frozen=True)
class Tires(Polite):
    """Answers so often, by the lines that it leaves in a file, and no more after that."""

    answers: int = 1
    diary: str = ""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        with open(self.diary, "a+") as file:
            file.write("once more\n")
            file.seek(0)
            tired = len(file.readlines()) > self.answers
        if tired:
            time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class KillsItsRun(Slow):
    """Kills the process that asked for its cell, past the fork server between them."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        answer = super().solve(instance, budget, report)
        os.kill(psutil.Process(os.getppid()).ppid(), signal.SIGKILL)
        time.sleep(FOREVER_S)
        return answer


@dataclass(frozen=True)
class Raises(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        print("before the end", file=sys.stderr)
        raise RuntimeError("no good")


@dataclass(frozen=True)
class Mumbles(Polite):
    """Raises with a text that is none: a zero byte and half of a character."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        raise ValueError("mum\0ble \ud800")


@dataclass(frozen=True)
class RaisesSystemExit(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        raise SystemExit(0)


@dataclass(frozen=True)
class Exits(Polite):
    code: int = 3

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        os._exit(self.code)


@dataclass(frozen=True)
class Fickle(Polite):
    """Ends without an answer until a file is there."""

    flag: str = ""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        if not Path(self.flag).exists():
            os._exit(3)
        return cloud(instance)


@dataclass(frozen=True)
class Segfaults(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        ctypes.string_at(0)
        return cloud(instance)


@dataclass(frozen=True)
class Aborts(Polite):
    """What C++ does when an allocation fails and nobody catches it."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
        os.abort()


@dataclass(frozen=True)
class Sleeps(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class IgnoresSignals(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class Allocates(Polite):
    """Takes ever more memory and uses it."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        report.incumbent(cloud(instance))
        kept = []
        while True:
            kept.append(np.ones(1 << 20))
            time.sleep(0.002)


@dataclass(frozen=True)
class AsksForTooMuch(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        np.ones(100 * 10**9, dtype=np.int8)
        return cloud(instance)


@dataclass(frozen=True)
class AllocatesInChildren(Polite):
    """No process of it holds much, all together do."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        code = f"import time; kept = bytearray(60_000_000); time.sleep({FOREVER_S})"
        for _ in range(12):
            subprocess.Popen([sys.executable, "-S", "-c", code])
        time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class LeavesProcesses(Polite):
    """Starts a child in its session, one in a session of its own and a daemon; writes their ids; hangs or answers."""

    diary: str = ""
    hang: bool = True

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        for own_session in (False, True):
            if os.fork() == 0:
                self._child(own_session, daemon=False)
        middle = os.fork()
        if middle == 0:
            self._child(own_session=True, daemon=True)
        os.waitpid(middle, 0)
        while len(Path(self.diary).read_text().split()) < 3:
            time.sleep(0.01)
        if self.hang:
            time.sleep(FOREVER_S)
        return cloud(instance)

    def _child(self, own_session: bool, daemon: bool) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if own_session:
            os.setsid()
        if daemon and os.fork() != 0:
            os._exit(0)
        with open(self.diary, "a") as file:
            file.write(f"{os.getpid()}\n")
        time.sleep(FOREVER_S)
        os._exit(0)


@dataclass(frozen=True)
class LeavesFiles(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        for number in range(3):
            Path(tempfile.mkdtemp(), "left").write_text(str(number))
        Path(os.environ["TMPDIR"], "left").write_text("too")
        time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class Chatters(Polite):
    """Prints without end."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        while True:
            os.write(1, b"blah\n" * 10_000)


@dataclass(frozen=True)
class ReturnsNan(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = cloud(instance)
        solution.bandwidth[:] = np.nan
        return solution


@dataclass(frozen=True)
class WrongShape(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = cloud(instance)
        return Solution(solution.cache, solution.bandwidth[:, :, :-1], solution.steps)


@dataclass(frozen=True)
class Objects(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = cloud(instance)
        return Solution(solution.cache, solution.bandwidth, solution.steps.astype(object))


@dataclass(frozen=True)
class ReturnsText(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        return "42"  # type: ignore[return-value]


@dataclass(frozen=True)
class OddStatus(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        return cloud(instance, status="splendid")


@dataclass(frozen=True)
class BreaksRules(Polite):
    """Twice the band."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        solution = cloud(instance)
        return Solution(solution.cache, 2 * solution.bandwidth, solution.steps)


@dataclass(frozen=True)
class Claims(Polite):
    """The cloud with whatever claims the settings say."""

    status: str = "feasible"
    bound_share: float | None = None
    """The claimed bound as a share of the cost."""
    objective: float | None = None
    nan_bound: bool = False

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        cost = judge(instance, cloud(instance)).cost
        bound = None if self.bound_share is None else self.bound_share * cost
        bound = float("nan") if self.nan_bound else bound
        return cloud(instance, status=self.status, lower_bound=bound, objective=self.objective)


@dataclass(frozen=True)
class StreamsThenHangs(Polite):
    """Streams a bad and a better incumbent and a bound, then hangs; bounds above 1 are false."""

    bound_share: float = 0.5

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        good = cloud(instance)
        report.incumbent(Solution(good.cache, good.bandwidth / 2, good.steps))
        report.incumbent(good)
        report.bound(self.bound_share * judge(instance, good).cost)
        time.sleep(FOREVER_S)
        return good


@dataclass(frozen=True)
class StreamsPricesThenHangs(Polite):
    """Streams a bound with its prices, after an incumbent or without any, then hangs."""

    incumbent: bool = False

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        slots = (instance.frames, instance.slots)
        prices = Prices(np.zeros(slots), np.ones(slots), np.zeros((instance.frames, len(instance.models))))
        if self.incumbent:
            report.incumbent(cloud(instance))
        report.bound(certified_bound(instance, prices), prices)
        time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class LearnsThenHangs(Polite):
    """Makes use of two agents, the second of which was cut short, then hangs."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        report.learnt(Learnt("a" * 64, 10.0, 3_000_000_000, 500, True, "c" * 64, 0.5))
        points = CurvePoint(0, 0, 0.5, 9.0, 3.0), CurvePoint(64, 7, 2.5, 1.25, 0.5)
        curve = LearningCurve("t2drl", 64, points, 0.2)
        report.learnt(Learnt("b" * 64, 2.5, 64, 7, False, "d" * 64, 0.25, curve))
        time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class Boasts(Polite):
    """Makes use of so many agents, each of which has cost what the settings say."""

    agents: int = 1
    training_cpu_s: Any = 1.0
    environment_steps: Any = 64

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        for _ in range(self.agents):
            report.learnt(Learnt("a" * 64, self.training_cpu_s, self.environment_steps, 7, True, "c" * 64, 0.5))
        return cloud(instance)


@dataclass(frozen=True)
class LiesAboutLearning(Polite):
    """Says that it has learnt past the class that would check it."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        record = Learnt("a" * 64, 1.0, 64, 7, True, "c" * 64, 0.5)
        object.__setattr__(record, "updates", -1)
        report.learnt(record)
        return cloud(instance)


@dataclass(frozen=True)
class StreamsInfeasible(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        good = cloud(instance)
        report.incumbent(Solution(good.cache, 2 * good.bandwidth, good.steps))
        return good


@dataclass(frozen=True)
class StreamsForever(Polite):
    """Says something as fast as it can."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        value = 0.0
        while True:
            report.incumbent(cloud(instance))
            report.bound(value)
            value += 1e-9


@dataclass(frozen=True)
class Garbles(Polite):
    """Writes noise wherever it can."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        for file in range(3, 64):
            try:
                os.write(file, bytes(range(256)) * 64)
            except OSError:
                continue
        time.sleep(FOREVER_S)
        return cloud(instance)


@dataclass(frozen=True)
class BoundOnly(Polite):
    """A bound and no decisions."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        slots = np.full(instance.trace.request.shape, np.nan)
        return Solution(np.full((instance.frames, len(instance.models)), np.nan), slots, slots, lower_bound=0.5)


@dataclass(frozen=True)
class Refuses(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        raise Unsuitable("only for Tuesdays")


@dataclass(frozen=True)
class Missing(Polite):
    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        raise NotInstalled("pip install unobtainium")


@dataclass(frozen=True)
class Unpromised(Polite):
    """Certifies itself although it promises no bound."""

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(tier="online-model-free")

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        found = cloud(instance)
        return cloud(instance, lower_bound=judge(instance, found).cost, status="optimal")


@dataclass(frozen=True)
class Underpays(Polite):
    """Hands over prices below zero."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        slots = np.full(instance.trace.request.shape[:2], -1.0)
        prices = Prices(slots, slots, np.zeros((instance.frames, len(instance.models))))
        return cloud(instance, lower_bound=0.0, prices=prices)


@dataclass(frozen=True)
class ReturnsStart(Polite):
    """Improves on nothing."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        assert budget.start is not None
        return budget.start
