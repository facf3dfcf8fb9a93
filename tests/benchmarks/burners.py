"""Solvers that use up processor time where it is hard to see; named ``FILE.py:CLASS``."""

import os
import signal
import time
from dataclasses import dataclass

from problems.instance import Instance
from problems.solution import Solution
from solvers.base import Budget, Report
from tests.benchmarks.hostile import FOREVER_S, Polite, cloud

SHORT_S = 0.1


@dataclass(frozen=True)
class Burns(Polite):
    """Streams the cloud, then works without end and hears no signal that can be ignored."""

    def solve(self, instance: Instance, budget: Budget, report: Report) -> Solution:
        report.incumbent(cloud(instance))
        signal.signal(signal.SIGXCPU, signal.SIG_IGN)
        self.burn()
        return cloud(instance)

    def burn(self, seconds: float = FOREVER_S) -> None:
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass


@dataclass(frozen=True)
class BurnsInChildren(Burns):
    """Sleeps while its children work; writes their ids to a file."""

    diary: str = ""
    own_session: bool = False

    def burn(self, seconds: float = FOREVER_S) -> None:
        for _ in range(2):
            self.child(seconds)
        time.sleep(FOREVER_S)

    def child(self, seconds: float) -> int:
        pid = os.fork()
        if pid:
            return pid
        if self.own_session:
            os.setsid()
        with open(self.diary, "a") as file:
            file.write(f"{os.getpid()}\n")
        super().burn(seconds)
        os._exit(0)


@dataclass(frozen=True)
class BurnsInMany(BurnsInChildren):
    """One child after the other, none of which works for long."""

    waits: bool = True
    """Or leaves them as zombies."""

    def burn(self, seconds: float = FOREVER_S) -> None:
        while True:
            pid = self.child(SHORT_S)
            os.waitid(os.P_PID, pid, os.WEXITED | (0 if self.waits else os.WNOWAIT))
