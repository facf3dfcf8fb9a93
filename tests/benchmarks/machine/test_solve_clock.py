"""What a solve took, and what of it was waiting."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from benchmarks.machine.solve_clock import SolveClock

LONG_S = 0.1


def spin(seconds: float = LONG_S) -> None:
    """Use so much processor time in this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def spin_in_a_thread() -> None:
    thread = threading.Thread(target=spin)
    thread.start()
    thread.join()


def spin_in_a_process() -> None:
    subprocess.run([sys.executable, "-S", "-c", "sum(range(1_000_000))"], check=True)


def used(work: Callable[[], object]) -> dict[str, float]:
    clock = SolveClock.now()
    work()
    return {name: float("nan") if value is None else value for name, value in clock.used().items()}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone says how long a thread waited")
def test_time_is_work_sleep_and_waiting_for_a_processor() -> None:
    """On a machine as busy as it likes."""
    worked, slept = used(spin), used(lambda: time.sleep(LONG_S))
    assert worked["cpu_s"] == pytest.approx(LONG_S, rel=0.1)
    assert worked["solve_s"] - worked["waited_s"] == pytest.approx(LONG_S, rel=0.1)
    assert slept["cpu_s"] < LONG_S / 10
    assert slept["solve_s"] - slept["waited_s"] == pytest.approx(LONG_S, rel=0.1)
    assert 0 <= worked["stalled_s"] <= worked["solve_s"] * 1.1


@pytest.mark.parametrize("work", [spin_in_a_thread, spin_in_a_process])
def test_the_waiting_of_others_is_not_known(work: Callable[[], object]) -> None:
    clock = SolveClock.now()
    work()
    found = clock.used()
    assert found["waited_s"] is None
    assert found["cpu_s"] is not None
    assert found["cpu_s"] > 0.005
