"""Several training seeds side by side, each in a process of its own with one thread."""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from t2bench.exit_codes import INTERRUPTED, NO

_OPTIONS = ("scenario_seed", "models", "users", "slots", "frames", "scenarios", "steps", "minutes", "device", "log")
"""Options of ``t2bench train`` that the process of every seed is given."""


def train_seeds(arguments: argparse.Namespace, seeds: Sequence[int]) -> int:
    """Train all seeds, ``jobs`` at once. Returns the worst exit code; Ctrl-C is handed on, so that nothing is lost."""
    runs = Runs()
    with ThreadPoolExecutor(arguments.jobs) as pool:
        codes = [pool.submit(runs.run, f"seed {seed}", _command(arguments, seed)) for seed in seeds]
        try:
            return max(code.result() for code in codes)
        except KeyboardInterrupt:
            runs.interrupt()
            return max(code.result() for code in codes)


def _command(arguments: argparse.Namespace, seed: int) -> list[str]:
    command = [sys.executable, "-P", "-m", "t2bench.cli.main", "train", arguments.family]
    command += ["--algorithm", arguments.algorithm, "--seed", str(seed), "--output", str(arguments.output)]
    for name in _OPTIONS:
        value = getattr(arguments, name)
        if value is not None:
            command += [f"--{name.replace('_', '-')}", f"{value}/seed-{seed}" if name == "log" else str(value)]
    return [*command, "--restart"] if arguments.restart else command


class Runs:
    """Commands under way, which are interrupted together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._interrupted = False

    def run(self, title: str, command: Sequence[str]) -> int:
        """The exit code of a command, whose errors are passed on line by line under a title.

        It is 1 for one that a signal ended, and a line says so; not for one that :meth:`interrupt` ended.
        """
        with self._lock:
            if self._interrupted:
                return INTERRUPTED
            # In a session of its own, so that a terminal's Ctrl-C comes once: from here.
            process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
            self._running.add(process)
        assert process.stderr is not None
        with process:
            for line in process.stderr:
                print(f"{title}: {line}", end="", file=sys.stderr, flush=True)
        with self._lock:
            self._running.discard(process)
            interrupted = self._interrupted and process.returncode == -signal.SIGINT
        if interrupted:
            return INTERRUPTED
        if process.returncode < 0:
            print(f"t2bench: {title}: killed by {_name(-process.returncode)}", file=sys.stderr, flush=True)
            return NO
        return process.returncode

    def interrupt(self) -> None:
        """Ask all that run to stop, and start no more."""
        with self._lock:
            self._interrupted = True
            for process in self._running:
                process.send_signal(signal.SIGINT)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
